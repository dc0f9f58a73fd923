"""What others wrote and we hand on: as published, whole, and with its licence beside it."""

from hashlib import sha256
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "audit" / "web" / "static" / "vendor"

# Out of the package on npm, unchanged. A new version is a new line here.
PUBLISHED = {
    "signature_pad.min.js": ("5.1.4", "bb87a53b8604a234f207017b314408a73c4d309fec195c992f18d53adf31eb21"),
    "signature_pad.LICENSE.txt": ("MIT", "7d461320b6c69581bd19cc9402aa9a5e33ad826ed2f977d03bcb884e0cc6ce54"),
}


def test_every_file_is_known():
    assert {path.name for path in VENDOR.iterdir()} == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_is_as_it_was_published(name):
    says, fingerprint = PUBLISHED[name]
    body = (VENDOR / name).read_bytes()
    assert sha256(body).hexdigest() == fingerprint
    assert says.encode() in body
    assert (VENDOR / f"{name.split('.')[0]}.LICENSE.txt").exists()
