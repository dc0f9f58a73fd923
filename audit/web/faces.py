"""The face of an item: what its card says whatever was answered. Prepared once per published checklist."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from audit.domain.checklists import Checklist, Item, Part
from audit.domain.limits import describe
from audit.domain.measures import unit_words
from audit.domain.tongue import say, word
from audit.web.keeping import Keeper

MARK_WORDS = {
    "IN": word("in order"),
    "OUT": word("not in order"),
    "NO": word("not observed"),
    "NA": word("not applicable"),
}
_OPTIONAL = Markup(' <span class="quiet small">{}</span>')


@dataclass(frozen=True)
class PartFace:
    """One value to enter: its label, its limit in words, and the choices or units offered."""

    key: str
    kind: str
    label: str
    hint: str
    optional: Markup
    unit: str
    unit_words: str
    units: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Face:
    """An item card without its answer. ``meta`` is finished HTML; ``marks`` are (mark, words, CSS class)."""

    item: Item
    number: str
    prompt: str
    severity: str
    anchor: str
    meta: Markup
    marks: tuple[tuple[str, str, str], ...]
    parts: tuple[PartFace, ...]
    own_mark: bool
    mark_first: bool
    judges: bool
    may_lack: bool
    conditional: bool
    photo_asked: bool
    corrective: str

    @property
    def may_overrule(self) -> bool:
        """A value that a limit judges may be marked differently, with a reason."""
        return bool(self.parts) and (self.judges or not self.own_mark)


_kept: Keeper[Mapping[str, Face]] = Keeper(room=16)


def faces_of(checklist: Checklist) -> Mapping[str, Face]:
    """The faces of all items of a published checklist by key. Content never changes under its fingerprint."""
    every = (checklist.whole or checklist).items
    return _kept.get(checklist.sha256, lambda: {item.key: _face(item) for item in every()})


def _face(item: Item) -> Face:
    values = item.value_parts
    own_mark = item.mark_part is not None
    return Face(
        item=item,
        number=item.number,
        prompt=item.prompt,
        severity=item.severity,
        anchor=f"i-{item.number}",
        meta=Markup(_meta(item)),
        marks=tuple(
            (mark, say(MARK_WORDS[mark]), "o-out" if mark == "OUT" else "o-else") for mark in item.marks
        ),
        parts=tuple(_part(part) for part in values),
        own_mark=own_mark,
        mark_first=own_mark and not any(part.required for part in values),
        judges=any(part.limit or any(option.mark for option in part.options) for part in values),
        may_lack=any(part.kind in ("date", "number", "choice") and part.required for part in values),
        conditional=any(part.when is not None for part in values),
        photo_asked=item.photo_asked,
        corrective=item.corrective,
    )


def _meta(item: Item) -> str:
    advice = [words for part in item.value_parts for words in part.advice]
    return render_template(
        "components/face.html", item=item, advice=advice, sources=_sources(item, len(advice))
    )


def _sources(item: Item, advice: int) -> str:
    """The line that unfolds into all sources and advice: the first one, and how many more."""
    names = [*(citation.printed for citation in item.citations), *item.grounds]
    more = len(names) + advice - 1
    if not names:
        return say("Advice") if advice else ""
    return say("{first} and {number} more", first=names[0], number=more) if more else names[0]


def _part(part: Part) -> PartFace:
    hint = ""
    if part.limit:
        hint = say("Limit: {limit}", limit=describe(part.limit, part.unit))
        hint += f" ({part.limit.source})" if part.limit.source else ""
    return PartFace(
        key=part.key,
        kind=part.kind,
        label=part.label,
        hint=hint,
        optional=Markup("") if part.required else _OPTIONAL.format(say("optional")),
        unit=part.unit or "",
        unit_words=unit_words(part.unit),
        units=tuple((unit, unit_words(unit)) for unit in part.units),
        options=tuple(
            (option.value, option.label, "o-out" if option.mark == "OUT" else "o-else")
            for option in part.options
        ),
    )
