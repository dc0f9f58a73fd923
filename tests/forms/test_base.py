"""What forms say of their fields: none that has to be filled in is called optional."""

import pytest
from flask import Flask

from forms.amendments import AmendForm, RemarksForm
from forms.base import PageForm
from forms.closures import ClosureForm
from forms.recalls import RecallAnswerForm, RecallEndForm, RecallForm
from forms.retention import HoldForm
from forms.schedule import CancelForm
from forms.visits import SetAsideForm


@pytest.mark.parametrize(
    ("form", "needed", "optional"),
    [
        (RecallForm, ("lot", "reason", "since"), ("maker",)),
        (RecallAnswerForm, (), ("words",)),
        (RecallEndForm, ("words",), ()),
        (AmendForm, ("reason",), ()),
        (RemarksForm, ("reason",), ("remarks",)),
        (SetAsideForm, ("reason",), ()),
        (CancelForm, ("words",), ()),
        (HoldForm, ("reason",), ()),
        (ClosureForm, ("acts", "citation", "hearing"), ("subject",)),
    ],
)
def test_what_the_domain_asks_for_is_not_optional(
    form: type[PageForm], needed: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="forms", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        made = form()
    assert all(made[name].flags.required for name in needed)
    assert not any(made[name].flags.required for name in optional)
