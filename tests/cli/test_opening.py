"""What commands begin with."""

import pytest
import typer

from llm_tt.cli.opening import edits_given, open_model, run_prompt
from llm_tt.errors import InterventionError, ModelNotFoundError
from llm_tt.intervention.basket import MOST_EDITS, Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Scale
from tests.cli.running import PROMPT, run


@pytest.fixture
def file_of_edits(tmp_path):
    basket = Basket().add(Ablate.head(2, 1)).add(BasketItem(Scale.mlp(0, 0.0), on=False))
    path = tmp_path / "edits.json"
    path.write_text(basket.to_json(), encoding="utf-8")
    return path


def test_edits_of_a_file_come_before_those_that_were_typed(file_of_edits):
    typed = ["m1*0.5", "ablate:L0H1;!ablate:L0H2"]
    assert edits_given(typed, file_of_edits) == (Ablate.head(2, 1), Scale.mlp(1, 0.5), Ablate.head(0, 1))
    assert edits_given(None, None) == ()


def test_too_many_edits_are_refused():
    with pytest.raises(InterventionError, match="are allowed"):
        edits_given(["L0H1"] * (MOST_EDITS + 1), None)


@pytest.mark.parametrize(
    ("content", "found"),
    [(None, "The file cannot be opened"), ("{", "This is no JSON text"), (" " * 2**21, "1,048,57")],
)
def test_a_file_of_edits_that_cannot_be_read_is_said(content, found, tmp_path):
    path = tmp_path / "edits.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InterventionError, match=found):
        edits_given(None, path)


@pytest.mark.parametrize("command", ["graph", "tokens", "trace", "edit", "generate", "anatomy"])
def test_every_command_about_a_prompt_takes_edits_and_says_what_is_wrong_with_them(command):
    result = run(command, "small-world", PROMPT, "--edit", "L9X6*0")
    assert isinstance(result.exception, InterventionError)
    assert "Did you mean L9H6?" in result.exception.remedy


def test_an_edited_run_is_edited(small_world):
    plain, edited = (run_prompt(small_world, PROMPT, edits) for edits in ((), (Ablate.head(2, 1),)))
    assert plain.changes is None
    assert edited.changes is not None
    assert not plain.logits.equal(edited.logits)


@pytest.mark.parametrize("name", ["./small-world", "smal-world"])
def test_a_model_that_is_not_there_leads_to_one_that_is(name, monkeypatch):
    monkeypatch.setattr("llm_tt.model.hub._hub_is_reachable", lambda: False)
    with pytest.raises(ModelNotFoundError) as refused:
        open_model(name)
    assert refused.value.remedy.startswith("Did you mean small-world?")
    with pytest.raises(ModelNotFoundError) as refused:
        open_model("./quite/another")
    assert "Did you mean" not in refused.value.remedy


def test_settings_that_are_damaged_do_not_hide_the_error(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_TT_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(ModelNotFoundError, match="Did you mean small-world"):
        open_model("./small-world")


def test_an_empty_name_is_wrong_usage():
    with pytest.raises(typer.BadParameter, match="The name is empty"):
        open_model("")
