"""What people may send who mean no good, by kind. Nothing here was tuned to what the product does."""

from tests.store import pictures

EVIL_TEXT = {
    "markup": '<b>&amp;</b><img src="/etc/passwd"><a href="javascript:alert(1)">x</a>',
    "script": "</textarea></script><script>alert(document.cookie)</script>",
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "reportlab": '<para><font color="[[__import__(\'os\').system(\'id\')]]">x</font><unichar code="1/0"/><onDraw name="x"/>',
    "picture": '<img src="http://127.0.0.1:1/x.png"/><img src="file:///etc/passwd"/><img src="data:image/png;base64,AA"/>',
    "template": "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}${7*7}#{7*7}",
    "format": "%s%n{0.__class__}{self}%(x)s",
    "sql": "'; DROP TABLE trail; -- \" OR 1=1",
    "sheet": '=HYPERLINK("http://evil.example","x")',
    "sheet of old": "+1+cmd|'/C calc'!A0",
    "sheet with at": "@SUM(1)\t=2\r=3",
    "head": "Content\r\nSet-Cookie: session=evil\r\n\r\n<html>",
    "path": "../../../../etc/passwd",
    "less": "<" * 8_000,
    "nested": "<b>" * 3_000,
    "one word": "x" * 40_000,
    "marks": "e" + "\u0301" * 3_000,
    "right to left": "\u202egnp.exe\u202c \u2066isolated\u2069 \u200f",
    "nothing to see": "\u200b\ufeff\u00ad\u2060",
    "controls": "\x01\x07\x08\x0b\x1b[31mred\x7f\x85",
    "family": "👩‍👩‍👧‍👦🏳️‍🌈😀 \U0001f3e5",
    "scripts": "العربية עברית 漢字 ไทย हिन्दी",
    "lines": "\n" * 5_000,
}
# What SQLite or UTF-8 would not give back: refused, never kept by halves.
CANNOT_BE_KEPT = {"nothing": "\x00", "half a character": "a\ud800b"}

NAMES = {
    "quotes": 'Studio "X"; filename="evil.exe',
    "line end": "Studio\r\nSet-Cookie: a=b",
    "right to left": "Studio \u202efdp.exe",
    "long": "Studio " + "ö" * 190,
    "device": "CON",
    "dots": "../../etc",
    "signs": "???///\\\\***",
    "nothing in ASCII": "漢字",
}

FILES = {
    "nothing": b"",
    "words": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n",
    "gif and script": b"GIF89a/*\x00\x00*/=1;alert(1)//",
    "zip": b"PK\x03\x04" + b"\x00" * 40,
    "wide head": pictures.png(65_000, 65_000),
    "cut": pictures.photo()[:500],
    "half": pictures.photo()[: len(pictures.photo()) // 2],
    "wrong magic": b"\xff\xd8\xff" + b"\x00" * 2_000,
}

BODIES = {
    "deep": b"[" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "number": b'{"device_id": 1e400}',
    "long number": b'{"ops": 1' + b"0" * 5_000 + b"}",
    "not a number": b'{"ops": NaN}',
    "twice": b'{"ops": [], "ops": [1]}',
    "half a character": b'{"device_id": "\\ud800"}',
    "nothing": b'{"device_id": "\\u0000"}',
    "other bytes": b"\xff\xfe\x00{",
    "list": b"[1]",
    "text": b'"x"',
}

# Addresses of things that are not there, spelled to slip by.
ADDRESSES = (
    "/visits/../people", "/visits/%2e%2e/people", "/visits/..%2fpeople", "/visits/%00", "/visits/%0d%0aSet-Cookie:a=b",
    "/visits/{ID}/../..", "/visits/{id}%00", "/visits/{id}%20", "/visits/{id}.json", "/visits/{id}/reports/..%2f..%2fx.pdf",
    "/visits/{id}/reports/record%00.pdf", "/visits/{id}/sections/%27%20OR%201=1", "/static/../secret.key",
    "/static/..%2f..%2f..%2fsecret.key", "/static/%2e%2e/%2e%2e/app.py", "/static//etc/passwd", "/photos/../originals/thumb",
    "/photos/" + "a" * 64 + "/original", "/photos/" + "A" * 64 + "/thumb", "/fix/..%2f..%2f", "/fix/%00", "//evil.example/",
    "/sign-in?next=//evil.example", "/sign-in?next=https:evil.example", "/sign-in?next=/%5cevil.example", "/api/v1/checklists/..",
    "/visits?after=%00&state=%ff", "/visits?after='--", "/clinics?text=%00%ff", "/actions?after=x&severity[]=1", "/verify?n=%00",
)  # fmt: skip
