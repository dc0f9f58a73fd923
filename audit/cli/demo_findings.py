"""What is found in the demo, in the words that people write on site."""

from audit.cli.plausible import Found

FOUND_AGAIN = {
    "premises.furniture": Found(
        "The tape on the headrest of chair 3 is new; the cover is still torn below it."
    ),
}

TORONTO_FINDINGS = {
    "needles.single-use": Found(
        "At the scalp station the same cartridge was fitted for a second client while I watched.",
        pictures=(("tray", "The tray of the scalp station"),),
    ),
    "premises.no-eating": Found(
        "A sandwich and an open cup on the counter of the work area.", corrected=True
    ),
}

SIX_FINDINGS = {
    "needles.single-use": Found(
        "A used cartridge lay in a zip bag marked 'keep for 2nd session' on the tray of station 2. The practitioner"
        " said the same client comes back in two weeks. It was put into the sharps container in front of me.",
        corrected=True,
        pictures=(("tray", "Tray of station 2: the bag with the used cartridge on the right"),),
    ),
    "sharps.fill-level": Found(
        "The container at station 1 is filled above its line; needles stand in the opening.",
        values={"percent": "90"},
        pictures=(("sharps", "Station 1: needles above the fill line"),),
    ),
    "handsink.stocked": Found(
        "Towel dispenser empty and a bar of soap instead of liquid soap at the only hand sink.",
        corrected=True,
        pictures=(("sink", "The hand sink before it was restocked"),),
    ),
    "disinfect.product": Found(
        "Two refilled bottles without name or date on the lower shelf. A third has a Greek label only:"
        " «Απολυμαντικό επιφανειών, αραίωση 1:50». Nobody on site could say when it was mixed.",
        values={"product": "Refilled bottles, product unknown", "registration": ""},
        pictures=(("shelf", "Lower shelf: two bottles without a label"),),
    ),
    "autoclave.spore-date": Found(
        "The newest laboratory report is 47 days old. The strip of last month was not sent in; the envelope lay in"
        " the drawer.",
        days={"date": -47},
    ),
    "training.bbp-current": Found(
        "Certificate seen, more than a year old. A course is booked for next week.",
        days={"date": -431},
        person=1,
    ),
}

OLDER_FINDINGS = {
    "autoclave.log": Found(
        "No entries between the 3rd and the 19th of last month although packs carry dates of those days.",
        days={"oldest": -800},
    ),
    "premises.furniture": Found(
        "Headrest of chair 3 torn along the seam and mended with cloth tape.",
    ),
    "client.health-history": Found(
        "Of ten records sampled three have the question about blood thinners left empty, and nobody followed it up.",
    ),
}

SELF_AUDIT_FINDINGS = {
    "complaints.log": Found("We answer complaints by phone and keep no log. Starting one this month."),
    "handsink.temp": Found(
        "Warm water takes minutes to arrive and stays lukewarm.", values={"temperature": "91"}
    ),
}

# What the owner's self-audit a fortnight before had found in order.
CROWN_FINDINGS = {
    "disinfect.contact-time": Found(
        "The chair was wiped dry after about one minute; the label of the wipes asks for three. Done again in front of"
        " me with a timer.",
        values={"minutes": "1"},
        corrected=True,
    ),
}
