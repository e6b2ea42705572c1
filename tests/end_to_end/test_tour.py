"""The tour in docs/ is executed from its first cell to its last; its outputs are looked at in Chromium."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

TOUR = Path(__file__).parents[2] / "docs" / "tour.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Its cells with what they gave."""
    notebook = nbformat.read(TOUR, as_version=4)
    nbformat.validate(notebook)
    folder = tmp_path_factory.mktemp("tour")
    return NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(folder)}}).execute()


def outputs(notebook, mime: str) -> list[str]:
    return [
        output.data[mime]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "execute_result" and mime in output.data
    ]


def test_it_is_kept_without_outputs():
    cells = nbformat.read(TOUR, as_version=4).cells
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)


def test_every_cell_runs_and_says_what_the_text_says(executed):
    printed = "".join(
        output.text
        for cell in executed.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    rankings = [html for html in outputs(executed, "text/html") if "probability" in html]
    assert "·Mary" in rankings[0]
    assert rankings[-1].index("·John") < rankings[-1].index("·Mary")  # one head off
    assert "embed@1 -> L0.mid@1" in printed  # a route from the name
    assert "bytes in mary.eap.json" in printed
    assert outputs(executed, "text/plain")[-1] == "37"


@pytest.mark.browser
def test_its_pictures_are_drawn_side_by_side(executed, page, tmp_path):
    place = tmp_path / "outputs.html"
    place.write_text("<!doctype html><body>" + "<hr>".join(outputs(executed, "text/html")), encoding="utf-8")
    page.goto(place.as_uri())
    page.wait_for_function(
        """() => { const hosts = [...document.querySelectorAll("[id^=llm-tt-]")];
        const view = (host) => host.shadowRoot?.querySelector(".picture")._view?.view;
        return hosts.length === 3 && hosts.every((host) => view(host)?.state.layout); }"""
    )
    assert page.script_errors == []
    assert page.strangers == [place.as_uri()]
