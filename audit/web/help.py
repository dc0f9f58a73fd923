"""The words of the field, explained."""

from flask import Blueprint, render_template

doors = Blueprint("help", __name__)


@doors.get("/help")
def show() -> str:
    return render_template("help/show.html")
