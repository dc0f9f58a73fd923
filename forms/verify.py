"""Asking whether a report is unchanged."""

from flask_wtf.file import FileField
from wtforms import HiddenField

from audit.domain.tongue import word
from forms.base import PageForm, line


class AskForm(PageForm):
    """``sha256`` is filled by a page with scripts, which then sends no file."""

    number = line(word("Report number"), 60)
    file = FileField(word("The PDF"))
    sha256 = HiddenField()
