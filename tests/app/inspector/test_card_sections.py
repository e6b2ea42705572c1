"""What is switched off is said in its place, and the rest of the card goes on."""

from dataclasses import replace

from llm_tt.model.check_up import Capability, CheckUp


def without_lens(view, monkeypatch):
    findings = [
        replace(finding, passed=False) if finding.capability == Capability.LENS else finding
        for finding in view.model.self_test.findings
    ]
    monkeypatch.setattr(view.model, "self_test", CheckUp(tuple(findings)))


def test_without_the_lens_a_state_still_shows_what_wrote_it(view, open_card, words, monkeypatch):
    without_lens(view, monkeypatch)
    page = open_card(view, "L1.mid@9")
    (writers,) = page.dataframe
    assert "promotes" not in writers.value
    assert words(page).count("The logit lens is switched off") == 2
    assert not page.text


def test_without_the_lens_a_head_still_has_its_maps(view, open_card, monkeypatch):
    without_lens(view, monkeypatch)
    page = open_card(view, "L1H2@2-9")
    assert len(page.get("plotly_chart")) == 2
    assert len(page.dataframe) == 1
