"""All doors of the API under one roof: /api/v1."""

from flask import Blueprint

from audit.web.api import asking, bootstrap, checklists, kits, openapi, ops, photos, rescue, sealing, visits

doors = Blueprint("api", __name__, url_prefix="/api/v1")
for room in (bootstrap, checklists, kits, openapi, ops, photos, rescue, sealing, visits):
    doors.register_blueprint(room.doors)
doors.before_request(asking.check)
