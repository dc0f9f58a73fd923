"""A lot of needles, cartridges or pigment as somebody types it."""

from wtforms import HiddenField, SelectField

from audit.domain.tongue import word
from forms.base import PageForm, line
from forms.credentials import day_of


class LotForm(PageForm):
    """``made`` is made with the page, so that pressing twice adds one lot; the photo is read from the request."""

    kind = SelectField(word("What it is"), validate_choice=False)
    lot = line(word("Lot number"), 200, word("Give the number of the lot."))
    maker = line(word("Maker"), 200)
    product = line(word("Product or shade"), 200)
    certificate = line(word("Sterilisation certificate"), 200)
    received_on = line(word("Came on"), 10)
    expires = line(word("Expires on"), 10)
    used_up_on = line(word("Used up on"), 10)
    made = HiddenField()
    rev = HiddenField()

    def validate_received_on(self, field: object) -> None:
        day_of(self.text("received_on"))

    def validate_expires(self, field: object) -> None:
        day_of(self.text("expires"))

    def validate_used_up_on(self, field: object) -> None:
        day_of(self.text("used_up_on"))
