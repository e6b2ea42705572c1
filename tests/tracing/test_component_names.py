"""Other spellings of names mean what ours mean, everywhere; what means nothing is told what does."""

import re

import pytest

from llm_tt.errors import InterventionError, TargetError
from llm_tt.intervention.components import Component
from llm_tt.model.hook_names import Site
from llm_tt.tracing.component_names import canonical
from llm_tt.tracing.parts import Part
from tests.tracing.spellings import NAME_OF, NO_NAMES


@pytest.mark.parametrize("text", NAME_OF)
def test_every_spelling_leads_to_our_name(text):
    assert canonical(text) == NAME_OF[text]
    assert canonical(NAME_OF[text]) == NAME_OF[text], "ours stays"


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_is_no_name_stays(text):
    assert canonical(text) == text


@pytest.mark.parametrize("text", [text for text in NAME_OF if re.search(r"@\d+(-\d+)?$", text)])
def test_a_part_is_found_by_every_spelling(text):
    assert str(Part.named(text)) == NAME_OF[text]


@pytest.mark.parametrize(
    "text", [text for text, name in NAME_OF.items() if re.fullmatch(r"L\d+(H\d+|N\d+|\.mlp)(@\d+-)?", name)]
)
def test_a_component_is_found_by_every_spelling(text):
    assert str(Component.named(text)) == NAME_OF[text]


def test_hooks_are_the_ones_that_runs_read():
    """The names that we accept are those of the hook points themselves."""
    assert canonical(Site.RESID_PRE.at(3)) == "L2.post"
    assert canonical(Site.RESID_MID.at(3)) == "L3.mid"
    assert canonical(Site.RESID_POST.at(3)) == "L3.post"
    assert canonical(Site.MLP_OUT.at(3)) == "L3.mlp"
    assert canonical(f"{Site.HEAD_MIX.at(3)}.1") == "L3H1"
    assert canonical(f"{Site.NEURONS.at(3)}.1") == "L3N1"


@pytest.mark.parametrize(
    ("typed", "part", "component"),
    [
        ("L9X6", "L9H6@0", "L9H6"),
        ("L9X6@4", "L9H6@4", "L9H6@4-"),
        ("L2.pots@4", "L2.post@4", None),
        ("L2 mpl", "L2.mlp@0", "L2.mlp"),
        ("L3Nn1204", None, "L3N1204"),
        ("L2.atention@3-5", "L2.attention@3-5", "L2.attention@3-"),
        ("embedd@4", "embed@4", None),
        ("9.6", "L9H6@0", None),
    ],
)
def test_the_nearest_name_is_said(typed, part, component):
    for kind, error, wanted in ((Part, TargetError, part), (Component, InterventionError, component)):
        if wanted is not None:
            if kind is Component:
                assert str(Component.named(wanted)) == wanted
            with pytest.raises(error) as refused:
                kind.named(typed)
            assert refused.value.remedy.startswith(f"Did you mean {wanted}? Names look like")


@pytest.mark.parametrize("typed", ["", "poetry", "mpl", "the cat sat on 1 mat and 2 hats", "@4", "🐘"])
def test_where_nothing_is_near_nothing_is_offered(typed):
    for kind, error in ((Part, TargetError), (Component, InterventionError)):
        with pytest.raises(error) as refused:
            kind.named(typed)
        assert refused.value.remedy.startswith("Names look like")


def test_a_message_from_a_later_position_is_not_offered():
    with pytest.raises(TargetError) as refused:
        Part.named("L2H1@13-")
    assert "L2H1@13?" in refused.value.remedy


@pytest.mark.parametrize(
    ("hook", "what", "example"),
    [
        ("blocks.9.attn.hook_z", "head", "blocks.9.attn.hook_z.0."),
        ("blocks.9.attn.hook_result@4", "head", "blocks.9.attn.hook_result.0@4."),
        ("blocks.9.mlp.hook_post", "neuron", "blocks.9.mlp.hook_post.0."),
    ],
)
def test_a_hook_of_many_components_is_none_of_them(hook, what, example):
    for kind, error in ((Part, TargetError), (Component, InterventionError)):
        with pytest.raises(error) as refused:
            kind.named(hook)
        assert f"every {what} of the layer" in refused.value.remedy
        assert refused.value.remedy.endswith(example)
