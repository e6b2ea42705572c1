"""Where nothing is changed yet, one click switches off one of the strongest heads."""

import llm_tt
from llm_tt.app.first_edits import N_OFFERED
from tests.app.driving import link_of, page_of_link


def test_the_strongest_heads_are_offered_and_one_click_switches_one_off(world):
    model, trace, target = world
    shares = llm_tt.attribute(model, trace, "relp", target_token=target.token_id)
    sizes = shares.attention.sum(dim=(2, 3)).abs()
    place = int(sizes.argmax())
    strongest = f"L{place // sizes.shape[1]}H{place % sizes.shape[1]}"
    page = page_of_link("intervene")
    pills = page.button_group(key="first-edit")
    assert pills.options[0] == strongest
    assert len(pills.options) == N_OFFERED
    pills.set_value(strongest).run()
    assert not page.exception
    assert link_of(page)["edits"] == f"ablate:{strongest}"
    assert not [group for group in page.button_group if group.key == "first-edit"]
