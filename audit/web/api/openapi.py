"""GET /api/v1/openapi.json: these endpoints as an OpenAPI 3.1 document, for whoever writes another client."""

from flask import Blueprint

from audit.web.api import shapes
from audit.web.api.asking import HEADER
from audit.web.api.shapes import Shape, ref

doors = Blueprint("openapi", __name__)
VISIT = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
OURS = {"name": HEADER, "in": "header", "required": True, "schema": {"type": "string"},
        "description": "Any value: a page of another site cannot send it."}  # fmt: skip
LANG = {"name": "lang", "in": "query", "schema": {"type": "string"}, "description": "Language, such as es."}


@doors.get("/openapi.json")
def show() -> Shape:
    return document()


def document() -> Shape:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "clinic-audit, for tablets",
            "version": "1",
            "description": "Every answer is JSON and carries the server's time. An operation is named by its op_id"
            " and has one effect, however often it is sent.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"session": []}],
        "paths": _paths(),
        "components": {
            "schemas": shapes.SCHEMAS,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "session",
                    "description": "The cookie of the sign-in; over TLS its name is __Host-session.",
                }
            },
        },
    }


def _paths() -> dict[str, Shape]:
    return {
        "/bootstrap": {"get": _deed("What a tablet takes along", "Bootstrap", (401,), [LANG])},
        "/clinics/{id}/kit": {"get": _deed("Take one clinic along", "Kit", (401, 404), [VISIT])},
        "/checklists/{sha256}": {
            "get": _deed(
                "A published checklist and its empty cards",
                "Checklist",
                (401, 404),
                [_sha256(), LANG, _build()],
            )
        },
        "/inspections/{id}": {"get": _deed("A whole visit", "Visit", (401, 404), [VISIT])},
        "/inspections/{id}/changes": {
            "get": _deed("A visit with the answers that changed", "Visit", (400, 401, 404), [VISIT, _since()])
        },
        "/inspections/{id}/ops": {
            "post": _deed(
                "Hand in operations: one verdict each",
                "Results",
                (400, 401, 403, 404, 413, 415, 426, 503),
                [VISIT, OURS],
                _json("Batch"),
            )
        },
        "/inspections/{id}/passkey": {
            "post": _deed(
                "What a passkey is asked before the seal",
                "Passkey",
                (401, 403, 404, 503),
                [VISIT, OURS],
            )
        },
        "/inspections/{id}/finalize": {
            "post": _deed(
                "Seal a visit that both sides hold alike",
                "Sealed",
                (400, 401, 403, 404, 415, 422, 429, 503),
                [VISIT, OURS],
                _json("Finalize"),
            )
        },
        "/photos/{sha256}": {
            "head": _deed(
                "Is this photo here?", "Photo", (400, 401, 403, 404, 409), [_sha256(), _for()], empty=True
            ),
            "put": _deed(
                "Keep a photo under the SHA-256 of its bytes",
                "Photo",
                (400, 401, 403, 404, 409, 413, 415, 422, 503),
                [_sha256(), _for(), OURS, _claims()],
                {
                    "required": True,
                    "content": {"image/*": {"schema": {"type": "string", "contentMediaType": "image/jpeg"}}},
                },
                status="201",
            ),
        },
        "/rescue": {
            "post": _deed(
                "Take in a tablet's rescue file (administrators)",
                "Rescued",
                (400, 401, 403, 413, 415, 422, 503),
                [OURS],
                _json("RescueFile"),
            )
        },
        "/openapi.json": {"get": {"summary": "This document", "responses": {"200": {"description": "It."}}}},
    }


def _deed(
    summary: str,
    answer: str,
    refusals: tuple[int, ...],
    parameters: list[Shape],
    body: Shape | None = None,
    status: str = "200",
    empty: bool = False,
) -> Shape:
    done: Shape = {"description": summary}
    if not empty:
        done["content"] = {"application/json": {"schema": ref(answer)}}
    found: Shape = {"summary": summary, "parameters": parameters, "responses": {status: done}}
    for code in refusals:
        found["responses"][str(code)] = {
            "description": "Refused, and why.",
            **({} if empty else {"content": {"application/json": {"schema": ref("Refusal")}}}),
        }
    if answer == "Sealed":
        found["responses"]["409"] = {
            "description": "Not alike, not complete, or over: what differs, piece by piece.",
            "content": {"application/json": {"schema": {"anyOf": [ref("Differences"), ref("Refusal")]}}},
        }
    if body:
        found["requestBody"] = body
    return found


def _json(name: str) -> Shape:
    return {"required": True, "content": {"application/json": {"schema": ref(name)}}}


def _sha256() -> Shape:
    return {
        "name": "sha256",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": shapes.SHA},
    }


def _for() -> Shape:
    return {
        "name": "inspection",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }


def _since() -> Shape:
    return {"name": "since", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 0}}


def _build() -> Shape:
    return {"name": "build", "in": "query", "schema": {"type": "string"},
            "description": "Under the server's own build the answer never changes."}  # fmt: skip


def _claims() -> Shape:
    return {"name": "X-Photo-Claims", "in": "header", "schema": {"type": "string", "contentMediaType": "application/json"},
            "description": "What the camera said: taken_at, latitude, longitude, camera."}  # fmt: skip
