"""Base beside edited is what the library compares."""

import pytest

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.lens.run_comparison import compare_runs
from llm_tt.render.number_words import percent_text
from tests.app.driving import FAILED, page_of_link, words

PROMPT = "When Mary and John went to the store, John gave a drink to"


@pytest.fixture(scope="module")
def comparison():
    model = llm_tt.load_model("small-world")
    base = llm_tt.capture(model, PROMPT)
    edited = llm_tt.run_with_edits(model, PROMPT, [llm_tt.Ablate.head(2, 1)])
    return compare_runs(model, base, edited, resolve_target(model, base), top=6)


def test_the_effect_in_numbers(comparison):
    page = page_of_link("intervene", edits="ablate:L2H1")
    assert not page.exception
    assert FAILED not in words(page)
    shown = {metric.label: metric.value for metric in page.metric}
    assert list(shown.values()) == [
        percent_text(comparison.probability_after),
        f"{comparison.metric_after:.2f}",
        f"{comparison.rank_after:,}",
        f"{comparison.kl:.3g} nats",
    ]
    tokens = next(frame.value for frame in page.dataframe if "change" in frame.value)
    assert list(tokens["after"]) == pytest.approx(
        [100 * change.after for change in comparison.tokens], abs=1e-4
    )
    assert f"The top token first differs at {comparison.first_parting}." in words(page)


def test_an_edit_that_changes_nothing_here_says_so():
    page = page_of_link("intervene", edits="scale:L0H0:3.0:p=generated")
    assert not page.exception
    assert "Nothing changes at this position." in words(page)


def test_runs_that_meet_again_are_said_to():
    page = page_of_link("intervene", edits="ablate:L1H1")
    assert "same token on top" in [metric.delta for metric in page.metric]
    said = words(page)
    assert ("The top token first differs" in said) == ("the same again in the end" in said)


def test_a_contrast_is_measured_as_a_difference(comparison):
    page = page_of_link("intervene", edits="ablate:L2H1", contrast="·John")
    assert not page.exception
    assert "Difference of logits" in [metric.label for metric in page.metric]
