"""Sign-in, passwords and people."""

from wtforms import HiddenField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from audit.domain.people import ROLE_WORDS
from audit.domain.tongue import word
from audit.languages import NAMES
from forms.base import Fits, PageForm, line, offered, stripped

LONGEST_PASSWORD = 1024
LANGUAGES = [("", word("As the browser asks")), *NAMES.items()]


class SignIn(PageForm):
    login = StringField(word("Login"), [DataRequired(word("Type your login."))], filters=[stripped])
    password = PasswordField(
        word("Password"),
        [
            DataRequired(word("Type your password.")),
            Length(max=LONGEST_PASSWORD, message=word("This is too long.")),
        ],
    )


class Forgotten(PageForm):
    """Whoever cannot sign in any more says who they are."""

    login = StringField(
        word("Login"), [DataRequired(word("Type your login.")), Fits(200)], filters=[stripped]
    )


class SecondFactor(PageForm):
    """The code an app shows, or a recovery code."""

    code = line(word("Code"), 40, word("Type the code."))


class NewApp(PageForm):
    """An app that shows its first code; its key travels along."""

    key = HiddenField()
    code = line(word("Code"), 40, word("Type the code the app shows."))
    name = StringField(word("What you call it"), [Length(max=200)], filters=[stripped])


class HandOver(PageForm):
    """Clinics that another owner answers for from now on."""

    clinics = SelectMultipleField(word("Clinics"), [Optional()])
    to = SelectField(word("New owner"), default="")


class NewPasskey(PageForm):
    """What a passkey is called; what the browser says of it travels beside."""

    name = StringField(word("What you call it"), [Length(max=200)], filters=[stripped])


class PersonForm(PageForm):
    """Who somebody is and what they may do."""

    name = line(word("Name"), 200, word("Give the name."))
    login = line(word("Login"), 100, word("Give a login."))
    role = RadioField(word("Role"), choices=offered(ROLE_WORDS.items()), default="inspector")
    clinics = SelectMultipleField(word("Clinics of an owner"), [Optional()])
    practitioners = SelectMultipleField(word("Who a practitioner is"), [Optional()])
    email = StringField(word("E-mail"), [Fits(254)], filters=[stripped])
    language = SelectField(word("Language"), choices=offered(LANGUAGES), default="")


class NewPerson(PersonForm):
    """Without a password the person chooses one by a one-time link."""

    password = PasswordField(
        word("First password"), [Length(max=LONGEST_PASSWORD, message=word("This is too long."))]
    )


class ChoosePassword(PageForm):
    """A password by a one-time link, which travels along in ``key``."""

    key = HiddenField()
    new = PasswordField(
        word("New password"),
        [
            DataRequired(word("Type the new password.")),
            Length(max=LONGEST_PASSWORD, message=word("This is too long.")),
        ],
    )


class SetUpForm(PageForm):
    """The first administrator, by the link of the first start."""

    key = HiddenField()
    name = line(word("Your name"), 200, word("Give your name."))
    login = line(word("Login"), 100, word("Give a login."))
    password = PasswordField(
        word("Password"),
        [
            DataRequired(word("Give a password.")),
            Length(max=LONGEST_PASSWORD, message=word("This is too long.")),
        ],
    )


class Language(PageForm):
    language = SelectField(word("Language"), choices=offered(LANGUAGES), default="")


class NewPassword(PageForm):
    old = PasswordField(word("Password now"), [DataRequired(word("Type the password you have now."))])
    new = PasswordField(
        word("New password"),
        [
            DataRequired(word("Type the new password.")),
            Length(max=LONGEST_PASSWORD, message=word("This is too long.")),
        ],
    )
