"""Sign-in, passwords and people."""

from wtforms import PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from audit.domain.people import ROLE_WORDS
from forms.base import PageForm, line, offered, stripped

LONGEST_PASSWORD = 1024


class SignIn(PageForm):
    login = StringField("Login", [DataRequired("Type your login.")], filters=[stripped])
    password = PasswordField(
        "Password",
        [DataRequired("Type your password."), Length(max=LONGEST_PASSWORD, message="This is too long.")],
    )


class NewPerson(PageForm):
    name = line("Name", 200, "Give the name.")
    login = line("Login", 100, "Give a login.")
    role = RadioField("Role", choices=offered(ROLE_WORDS.items()), default="inspector")
    clinics = SelectMultipleField("Clinics of an owner", [Optional()])
    password = PasswordField(
        "First password",
        [DataRequired("Give a password."), Length(max=LONGEST_PASSWORD, message="This is too long.")],
    )


class NewPassword(PageForm):
    old = PasswordField("Password now", [DataRequired("Type the password you have now.")])
    new = PasswordField(
        "New password",
        [DataRequired("Type the new password."), Length(max=LONGEST_PASSWORD, message="This is too long.")],
    )
