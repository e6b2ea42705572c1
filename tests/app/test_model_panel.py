"""What is known of the opened model, in plain words."""

import pytest

from llm_tt.app.cached import kept
from llm_tt.app.model_panel import LONGEST_NAME, short_name
from tests.app.driving import page_of_link, words


def test_its_sizes_its_check_up_and_the_memory_are_told():
    page = page_of_link()
    said = words(page)
    assert "small-world: 4 layers of " in said
    assert "tokens, reads " in said
    assert "; on cpu." in said
    assert page.expander[0].label == "Check-up: all 8 checks passed"
    assert len(page.expander[0].markdown) == 8
    assert all(":material/check_circle:" in check.value for check in page.expander[0].markdown)
    assert f"of it {kept.n_bytes / 2**20:,.0f} MiB of kept passes (at most 2,000)." in said


def test_a_capability_that_is_switched_off_is_marked(save_family):
    page = page_of_link(model=str(save_family("Mixtral")), prompt="a")
    marks = [check.value.partition(" ")[0] for check in page.expander[0].markdown]
    assert ":orange[:material/block:]" in marks
    assert page.expander[0].label != "Check-up: all 8 checks passed"


def test_the_popover_is_named_after_the_model_and_its_note_is_inside(save_family):
    folder = str(save_family())
    page = page_of_link(model=folder, prompt="a")
    popovers = [block.proto.popover for block in page.get("popover")]
    (named,) = [popover.label for popover in popovers if "account_tree" in popover.icon]
    assert named.replace("\\", "").replace("\u2060", "") == short_name(folder)
    assert "A toy that this project trained" in words(page_of_link())


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("small-world", "small-world"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("/models/" + "x" * LONGEST_NAME, "…" + "x" * LONGEST_NAME),
    ],
)
def test_of_a_long_name_the_end_is_shown(name, short):
    assert short_name(name) == short
