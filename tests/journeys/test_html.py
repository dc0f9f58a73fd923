"""The Nu HTML checker finds nothing in any page, and what is wrong with a bad one."""

import json
import subprocess
from pathlib import Path

from tests import needs
from tests.journeys.addresses import PAGES
from tests.journeys.conftest import Demo

JAR = Path(__file__).parents[1] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
QUICKLY = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss8m")  # it lives for seconds, and goes deep
BAD = "<!doctype html><html lang=en><title>x</title><p><div id=a></div><i id=a></i>"


def judged(folder: Path) -> list[str]:
    """What the checker says of every file below a folder."""
    java = needs.tool("java")
    if not JAR.exists():
        needs.missing("the Nu HTML checker", "make tools; it needs npm")
    ran = subprocess.run(
        [java, *QUICKLY, "-jar", JAR, "--format", "json", "--skip-non-html", folder],
        check=False,  # its exit code only says that there is something to read
        capture_output=True,
        text=True,
        timeout=200,
    )
    found = json.loads(ran.stderr)["messages"]
    return sorted({f"{Path(one['url']).stem}: {one['message']} … {one.get('extract', '')}" for one in found})


def test_every_page_is_valid(demo: Demo, visitor, tmp_path: Path) -> None:
    for role, addresses in PAGES.items():
        request = visitor(role).request
        for place, address in enumerate(addresses):
            answer = request.get(demo.address(address), fail_on_status_code=False)
            name = f"{role or 'nobody'}-{place}-{address.strip('/').replace('/', '_').partition('?')[0]}"
            (tmp_path / f"{name}.html").write_bytes(answer.body())
    (tmp_path / "bad.html").write_text(BAD)
    found = judged(tmp_path)
    assert any("Duplicate ID" in words for words in found), "the checker sees what is wrong"
    assert [words for words in found if not words.startswith("bad: ")] == []
