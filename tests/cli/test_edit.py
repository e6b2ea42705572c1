"""`llm-tt edit`: both predictions."""

from llm_tt.intervention.basket import Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Scale
from tests.cli.running import PROMPT, answered, said


def test_both_predictions_are_shown(tmp_path):
    basket = Basket().add(Ablate.head(2, 1)).add(BasketItem(Scale.mlp(0, 0.0), on=False))
    path = tmp_path / "edits.json"
    path.write_text(basket.to_json(), encoding="utf-8")
    printed = said("edit", "small-world", PROMPT, "--edits", str(path), "--top", "2")
    words = printed.split()
    assert words.index("·Mary") < words.index("·John"), "the first row: before and after"
    assert "Head L2H1 off (mean) at all positions" in " ".join(words)
    assert "L0.mlp" not in printed, "switched off"
    assert float(printed.partition("(KL): ")[2].split()[0]) > 0.5
    assert "(KL): 0 nats" in said("edit", "small-world", PROMPT)


def test_for_programs():
    found = answered("edit", "small-world", PROMPT, "--edit", "L2H1", "--edit", "m0*0.9", "--top", "3")
    assert found.keys() == {"model", "prompt", "prompt_tokens", "edits", "before", "after", "kl"}
    assert found["edits"] == ["L2H1", "L0.mlp*0.9"]
    assert found["before"][0]["token"] == " Mary"
    assert len(found["after"]) == 3
    assert found["kl"] > 0.5
