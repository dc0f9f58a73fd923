"""A checklist in miniature that has every rule there is, and all of them in odd company."""

PACK = """
scheme = { kind = "percent", weights = { critical = 97, major = 40, minor = 3 }, cos_deducts = false, may_pass = true }
severity_due = { critical = 0, major = 1, minor = 400 }
calendar = { weekend = ["friday", "saturday"], holidays = ["2025-03-04", "2025-03-31", "2027-01-03"] }
"""

SECTIONS = {
    "A": ["soap.there", "gloves.changed", "sink.temp", "light.bright"],
    "B": ["training.done", "permit.shown", "plan.sessions", "kit.seen"],
    "C": ["clave.run", "clave.spores", "store.cold", "room.size", "soak.time"],
    "D": ["mobile.plan", "ink.known"],
}

MINIATURE = """
[[fact]]
key = "autoclave"
[[fact]]
key = "stations"
kind = "int"
[[fact]]
key = "site"
kind = "choice"
options = [{ value = "fixed", label = "Fixed" }, { value = "mobile", label = "Mobile" }]
[[fact]]
key = "procedure_observed"
scope = "visit"
[[fact]]
key = "not_first"
scope = "derived"
[[fact]]
key = "practitioners"
scope = "derived"
kind = "int"
[[fact]]
key = "number.cold"
scope = "derived"
threshold = "store.cold#temp"

[[item]]
key = "soap.there"
severity = "critical"
correct_by = { days = 0, stop = true }
[[item]]
key = "gloves.changed"
needs_sight = true
per = "practitioner"
severity = "critical"
[[item]]
key = "sink.temp"
severity = "major"
marks = ["IN", "OUT"]
correct_by = { working_days = 3 }
[[item.part]]
key = "temp"
kind = "number"
unit = "C"
units = ["C", "F"]
low = "-20"
high = "150"
limit = { kind = "at-least", value = "38", also = { F = "100" } }
[[item]]
key = "light.bright"
[[item.part]]
key = "mark"
kind = "mark"
[[item.part]]
key = "lux"
kind = "number"
unit = "lx"
units = ["lx", "fc"]
low = "0"
limit = { kind = "at-least", value = "1076", also = { fc = "100" } }
[[item.part]]
key = "where"
kind = "text"
required = false

[[item]]
key = "training.done"
per = "practitioner"
marks = ["IN", "OUT", "NA"]
correct_by = { next_visit = true }
[[item.part]]
key = "date"
kind = "date"
limit = { kind = "max-age", months = 13, days = 3, warn_days = 30 }
[[item]]
key = "permit.shown"
severity = "critical"
marks = ["IN", "OUT", "NO"]
[[item.part]]
key = "ends"
kind = "date"
limit = { kind = "expires", warn_days = 60 }
[[item.part]]
key = "seen"
kind = "date"
required = false
[[item]]
key = "plan.sessions"
official = false
marks = ["IN", "OUT", "NA"]
[[item.part]]
key = "sessions"
kind = "number"
high = "12"
[[item.part]]
key = "gap"
kind = "number"
required = false
when = { at-least = { key = "plan.sessions#sessions", value = 2 } }
limit = { kind = "at-least-part", part = "plan.sessions#sessions" }
[[item]]
key = "kit.seen"
severity = "major"
marks = ["IN", "OUT", "NO", "NA"]
[[item.part]]
key = "kind"
kind = "choice"
options = [{ value = "whole", label = "Whole", mark = "IN" }, { value = "open", label = "Open", mark = "OUT" }, { value = "away", label = "Away", mark = "NO" }, { value = "none", label = "None", mark = "NA" }, { value = "other", label = "Other" }]
[[item.part]]
key = "other"
kind = "text"
when = { equals = { key = "kit.seen#kind", value = "other" } }

[[item]]
key = "clave.run"
severity = "critical"
applies_when = { equals = { key = "autoclave", value = true } }
marks = ["IN", "OUT", "NO"]
[[item.part]]
key = "cycle"
kind = "choice"
options = [{ value = "gravity", label = "Gravity" }, { value = "vacuum", label = "Pre-vacuum" }]
[[item.part]]
key = "temp"
kind = "number"
unit = "C"
units = ["C", "F"]
[item.part.limit]
kind = "cases"
[[item.part.limit.cases]]
when = { equals = { key = "clave.run#cycle", value = "vacuum" } }
limit = { kind = "at-least", value = "132.2", also = { F = "270" } }
[[item.part.limit.cases]]
when = { all = [{ equals = { key = "clave.run#cycle", value = "gravity" } }, { not = { equals = { key = "site", value = "mobile" } } }] }
limit = { kind = "at-most", value = "121", also = { F = "250" } }
[[item.part]]
key = "minutes"
kind = "number"
required = false
unit = "min"
units = ["min", "s"]
[item.part.limit]
kind = "cases"
[[item.part.limit.cases]]
when = { any = [{ at-least = { key = "clave.run#temp", value = 132 } }, { at-least = { key = "stations", value = 3 } }] }
limit = { kind = "at-least", value = "4" }
[[item]]
key = "clave.spores"
applies_when = { all = [{ equals = { key = "autoclave", value = true } }, { equals = { key = "not_first", value = true } }] }
[[item.part]]
key = "mark"
kind = "mark"
[[item.part]]
key = "date"
kind = "date"
[item.part.limit]
kind = "cases"
[[item.part.limit.cases]]
when = { equals = { key = "site", value = "mobile" } }
limit = { kind = "max-age", days = 1 }
[[item.part.limit.cases]]
when = { equals = { key = "clave.run#cycle", value = "vacuum" } }
limit = { kind = "max-age", months = 1, warn_days = 5 }
[[item.part.limit.cases]]
when = { equals = { key = "site", value = "fixed" } }
limit = { kind = "expires", warn_days = 1 }
[[item]]
key = "store.cold"
marks = ["IN", "OUT", "NA"]
[[item.part]]
key = "temp"
kind = "number"
unit = "F"
units = ["F", "C"]
high = "200"
required = false
[item.part.limit]
kind = "cases"
[[item.part.limit.cases]]
when = { equals = { key = "site", value = "fixed" } }
limit = { kind = "at-most", value = "41.5", also = { C = "5" } }
[[item]]
key = "room.size"
official = false
severity = "critical"
[[item.part]]
key = "area"
kind = "number"
unit = "m2"
units = ["m2", "sq ft"]
low = "1"
high = "1000"
limit = { kind = "at-least", value = "7.43", also = { "sq ft" = "80" } }
[[item.part]]
key = "high"
kind = "number"
unit = "ft"
units = ["ft", "m"]
required = false
limit = { kind = "at-least", value = "8" }
[[item]]
key = "soak.time"
marks = ["IN", "OUT"]
severity = "major"
correct_by = { working_days = 0 }
[[item.part]]
key = "least"
kind = "number"
unit = "s"
units = ["s", "min"]
[[item.part]]
key = "soaked"
kind = "number"
unit = "s"
units = ["s", "min"]
low = "0.5"
limit = { kind = "at-least-part", part = "soak.time#least" }

[[item]]
key = "mobile.plan"
applies_when = { any = [{ equals = { key = "site", value = "mobile" } }, { at-least = { key = "practitioners", value = 2 } }] }
correct_by = { days = 30 }
[[item]]
key = "ink.known"
official = false
applies_when = { not = { any = [{ equals = { key = "site", value = "mobile" } }, { at-least = { key = "stations", value = 3 } }] } }
"""
