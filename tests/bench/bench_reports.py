"""Reports with 12 and 60 photos beside WeasyPrint, given the same content in the same run.

Each engine runs in a process of its own: CPU time a report (median, the first one apart, since it reads the
typefaces), peak memory, size, pages. Both get the same values; only the drawing is measured, and for ours the
making of the values too.
"""

import html
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from reports import pdf
from reports.content import compliance
from reports.values import Content, Shot
from tests.reports.making import Made, make

CASES = ((12, 20), (60, 25))  # photos, findings
TURNS = {"ours": 15, "weasyprint": 5}
GOALS = ("12 photos: at most 150 ms CPU and ten times faster", "60 photos: at most 5 s and 8 MB")


def content_of(made: Made) -> Content:
    return compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)


def ours(made: Made, out: Path) -> None:
    pdf.draw_record(content_of(made), "a4", out)


def weasyprint(made: Made, out: Path) -> None:
    from weasyprint import HTML

    HTML(string=page(content_of(made)), base_url=str(ROOT)).write_pdf(out)


ENGINES: dict[str, Callable[[Made, Path], None]] = {"ours": ours, "weasyprint": weasyprint}


def page(content: Content) -> str:
    """The same parts as our record, as plain tables; it has no shapes and sets less on page 1."""
    parts = [
        f"<h1>{text(content.head.clinic)}</h1><p>{text(content.head.visit_line)}</p>",
        f"<h2>{text(content.verdict.words)}</h2><p>{text(content.verdict.detail)}</p>",
        rows((count.mark, count.number, count.words) for count in content.counts),
        rows((term.left, term.title, term.whose, term.until) for term in content.terms),
        rows((step.when, step.words) for step in content.steps),
        rows((strip.letter, strip.title, " ".join(strip.marks)) for strip in content.strips),
        rows((pair.label, pair.words) for pair in (*content.people, *content.visit)),
        "<h2>What to do</h2>",
    ]
    for deadline in content.deadlines:
        parts.append(f"<h3>{text(deadline.title)} {text(deadline.words)}</h3>")
        parts.append(
            rows(
                (
                    found.number,
                    found.severity,
                    found.observed,
                    found.prompt,
                    "; ".join(found.citations),
                    found.required,
                )
                for found in deadline.findings
            )
        )
    parts.append("<h2>Findings</h2>")
    for found in content.findings:
        said = (
            found.observed,
            found.values,
            found.required,
            found.reason,
            "; ".join(found.citations),
            found.due,
        )
        parts.append(f"<section><h3>{text(found.number)} {text(found.severity)} {text(found.prompt)}</h3>")
        parts.append(
            "".join(f"<p>{text(words)}</p>" for words in said if words) + photos(found.shots) + "</section>"
        )
    for section in content.sections:
        parts.append(f"<h3>{text(section.letter)} {text(section.title)} {text(section.summary)}</h3>")
        parts.append(
            rows(
                (row.mark, row.number, f"{row.prompt} {row.citations}", row.answer, " ".join(row.remarks))
                for row in section.rows
            )
        )
    parts.append(rows((row.number, row.what, row.value, row.limit, row.mark) for row in content.measures))
    parts.append(
        rows((row.mark, row.number, row.what, row.whose, row.words, row.left) for row in content.papers)
    )
    parts.append(rows((sign.role, sign.name, sign.at, sign.meaning) for sign in content.signatures))
    parts.append(rows((pair.label, pair.words) for pair in (*content.lines, *content.annex)))
    told = {shot.number for found in content.findings for shot in found.shots}
    parts.append(photos(shot for shot in content.shots if shot.number not in told))
    return (
        f"<!doctype html><html lang=en><title>Record</title><style>{style()}</style>{''.join(parts)}</html>"
    )


def style() -> str:
    faces = "".join(
        f"@font-face {{font-family: Sans3; font-weight: {weight}; src: url(reports/fonts/{file})}}"
        for weight, file in ((400, "SourceSans3-Regular.ttf"), (600, "SourceSans3-SemiBold.ttf"))
    )
    return faces + (
        "@page {size: A4; margin: 17mm 16mm; @bottom-right {content: 'Page ' counter(page) ' of ' counter(pages)}}"
        "body {font: 8pt/1.25 Sans3} h1 {font-size: 22pt} h2 {font-size: 16pt} td {border-bottom: .4pt solid #ccc;"
        "vertical-align: top; padding: 1.5pt 5pt 2pt 0} table {width: 100%; border-collapse: collapse}"
        "section {break-inside: avoid} figure {display: inline-block; width: 47%; margin: 4pt 1%} img {width: 100%}"
    )


def text(words: str) -> str:
    return html.escape(words)


def rows(table: Iterable[tuple[str, ...]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in table)
    return f"<table>{lines}</table>"


def photos(shots: Iterable[Shot]) -> str:
    return "".join(
        f'<figure><img src="{shot.path}"><figcaption>Photo {shot.number} {text(shot.caption)}</figcaption></figure>'
        for shot in shots
    )


def measure(engine: str, count: int, findings: int, folder: Path) -> dict[str, float]:
    """Draw the report several times in this process."""
    made = make(folder / "photos", findings=findings, photos=count)
    out = folder / f"{engine}.pdf"
    taken, walls = [], []
    for _ in range(TURNS[engine] + 1):
        cpu, wall = time.process_time(), time.perf_counter()
        ENGINES[engine](made, out)
        taken.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return {
        "first": taken[0],
        "cpu": statistics.median(taken[1:]),
        "wall": statistics.median(walls[1:]),
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "mb": out.stat().st_size / 1e6,
        "pages": out.read_bytes().count(b"/Type /Page\n") + out.read_bytes().count(b"/Type /Page "),
    }


def main() -> None:
    """Run every engine on every case in turn and print what it took."""
    print(f"{'photos':>6} {'engine':<11} {'CPU ms':>8} {'first':>7} {'wall ms':>8} {'RSS MB':>7} {'MB':>6}")
    with tempfile.TemporaryDirectory() as place:
        make(Path(place) / "photos", photos=max(count for count, _ in CASES))
        for count, findings in CASES:
            cpu = {}
            for engine in ENGINES:
                command = [sys.executable, __file__, engine, str(count), str(findings), place]
                done = subprocess.run(command, check=False, capture_output=True, text=True)
                if done.returncode:
                    print(f"{count:>6} {engine:<11} did not run: {done.stderr.strip().splitlines()[-1]}")
                    continue
                got = json.loads(done.stdout)
                cpu[engine] = got["cpu"]
                print(
                    f"{count:>6} {engine:<11} {got['cpu'] * 1000:>8.0f} {got['first'] * 1000:>7.0f} "
                    f"{got['wall'] * 1000:>8.0f} {got['rss']:>7.0f} {got['mb']:>6.2f}"
                )
            if len(cpu) == len(ENGINES):
                print(f"{count:>6} ratio       {cpu['weasyprint'] / cpu['ours']:>8.1f}")
    print("\n".join(f"Goal: {goal}" for goal in GOALS))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))))
    else:
        main()
