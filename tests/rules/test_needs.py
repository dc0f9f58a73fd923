"""What a run leaves out is said; where nothing may be left out it fails."""

import pytest

from tests import needs


def test_a_program_that_is_there_is_found():
    assert needs.tool("python3").endswith("python3")


def test_a_missing_program_skips_and_names_the_package(monkeypatch):
    monkeypatch.delenv("CLINIC_AUDIT_REQUIRE_ALL", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match=r"NOT RUN: pdftotext .*apt-get install poppler-utils"):
        needs.tool("pdftotext")


def test_a_missing_program_fails_where_nothing_may_be_left_out(monkeypatch):
    monkeypatch.setenv("CLINIC_AUDIT_REQUIRE_ALL", "1")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="NOT RUN: qpdf"):
        needs.tool("qpdf")


def test_the_browser_opens_a_page(browser):
    page = browser.new_page()
    page.set_content("<title>Clinic</title>")
    assert page.title() == "Clinic"
    page.close()
