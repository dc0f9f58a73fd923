"""Tables to take away: CSV that every spreadsheet reads and none runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

# A spreadsheet takes what begins so for a formula; one set up for much of Europe begins a cell at a semicolon too.
# Their wide forms count too, where somebody writes Chinese or Japanese.
_FORMULA = re.compile(r"(^|[;\t\r\n])([\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs, wherever it parts the cells."""
    return _FORMULA.sub(r"\1\2'", cell)


def table_of(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The answer that carries a table, as ``name.csv``."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    answer = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer
