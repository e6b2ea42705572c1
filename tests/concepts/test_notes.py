"""What a note may hold."""

import pytest

from llm_tt.concepts.notes import LONGEST_NAME, LONGEST_TEXT, NotedModel, now, written_note
from llm_tt.errors import NotebookError

MODEL = NotedModel("m", "f" * 32, layers=2, heads=4, neurons=8)


def kept(component="L0H0", name="", text="", changed=None, model=MODEL):
    return written_note(model, component, name, text, now() if changed is None else changed)


def test_of_an_opened_model(tiny_model):
    assert NotedModel.of(tiny_model).sizes == (2, 4, tiny_model.dimensions.d_mlp)


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("  a  b\n c\t", "a b c"),
        ("a\x00\x1b[31mb\x7f", "a[31mb"),
        ("safe\u202etxt.exe\u2066", "safetxt.exe"),
        ("one\u2028two\x85three", "one two three"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👩\u200d🔬 Ünï", "👩\u200d🔬 Ünï"),
    ],
)
def test_a_name_is_one_line_that_acts_on_no_page(name, kept_as):
    assert kept(name=name).name == kept_as


def test_a_text_keeps_its_lines():
    assert kept(text="\n a\r\nb\rc\x07\u2029d \n").text == "a\nb\nc\nd"


def test_what_is_too_long_is_refused_and_not_cut():
    assert len(kept(name="x" * LONGEST_NAME, text="y" * LONGEST_TEXT).text) == LONGEST_TEXT
    with pytest.raises(NotebookError, match="name of L0H0 has 61 characters"):
        kept(name="x" * (LONGEST_NAME + 1))
    with pytest.raises(NotebookError, match="2,001"):
        kept(text="y" * (LONGEST_TEXT + 1))


def test_half_of_a_character_is_refused():
    with pytest.raises(NotebookError, match="half of a character"):
        kept(name="\ud83d")


@pytest.mark.parametrize(
    ("component", "message"),
    [
        ("L2H0", "no layer 2"),
        ("L0H4", "no head 4"),
        ("L1N8", "no neuron 8"),
        ("L0H1@3-", "one prompt"),
        ("L0.attention@3-", "one prompt"),
        ("", "no name"),
        ("L0H" + "9" * 5000, "no name"),
        ("L1.mid.residual@2", "no name"),
    ],
)
def test_only_parts_of_the_model_have_notes(component, message):
    with pytest.raises(NotebookError, match=message):
        kept(component)


def test_without_single_neurons_none_has_a_note():
    mixture = NotedModel("m", "f" * 32, layers=2, heads=4, neurons=0)
    assert kept("L0.mlp", "x", model=mixture).name == "x"
    with pytest.raises(NotebookError, match="not available"):
        kept("L0N0", model=mixture)


def test_a_component_has_one_spelling():
    assert kept("L01H002", "x").component == "L1H2"


def test_times_are_in_one_form_and_never_yet_to_come():
    assert kept(changed="2020-01-01T12:00:00+02:00").changed == "2020-01-01T10:00:00.000+00:00"
    assert kept(changed="2020-01-01").changed == "2020-01-01T00:00:00.000+00:00"
    assert kept(changed="2999-01-01").changed <= now()
    for nonsense in ("", "yesterday", "0001-01-01T00:00:00+23:00", "9" * 5000):
        with pytest.raises(NotebookError, match="no time"):
            kept(changed=nonsense)
