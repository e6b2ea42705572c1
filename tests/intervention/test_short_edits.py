"""Edits as they are typed: each way to say one, all of them read back, and the cure in every error."""

import random

import pytest

from llm_tt.errors import InterventionError
from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.intervention.short_edits import edits_of, short_form
from tests.intervention.kinds_of_edits import EVERY_KIND

TYPED = {
    "L2H3": Ablate.head(2, 3),
    "L2H3=zero": Ablate.head(2, 3, baseline="zero"),
    "L2H3*0": Scale.head(2, 3, 0.0),
    "L2.mlp*0.5": Scale.mlp(2, 0.5),
    "L3N1204=4.5": SetNeuron(3, 1204, 4.5),
    "L3N1204=0": SetNeuron(3, 1204, 0.0),
    "L3N1204*-1.5": Scale.neuron(3, 1204, -1.5),
    "L2H3@13": Ablate.head(2, 3, positions=(13,)),
    "L2H3@3,13*0": Scale.head(2, 3, 0.0, positions=(3, 13)),
    "L2.mlp@prompt=zero": Ablate.mlp(2, positions="prompt", baseline="zero"),
    "L3N5@generated=2": SetNeuron(3, 5, 2.0, positions="generated"),
    "L2H1@1-": Ablate.edge(2, 1, head=1),
    "L2H1@1-13": Ablate.edge(2, 1, head=1, positions=(13,)),
    "L2H1@1-3,13*2": Scale.edge(2, 1, 2.0, head=1, positions=(3, 13)),
    "L2.attention@0-generated=zero": Ablate.edge(2, 0, positions="generated", baseline="zero"),
    "L2H3*1e-07": Scale.head(2, 3, 1e-7),
    "L2H3*0.1234567891": Scale.head(2, 3, 0.1234567891),
}


@pytest.mark.parametrize("text", TYPED)
def test_what_is_typed_is_what_is_made_and_how_it_is_written(text):
    assert edits_of(text) == (TYPED[text],)
    assert short_form(TYPED[text]) == text


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("L2H3=mean", Ablate.head(2, 3)),
        (" L2H3 * 0.5 ", Scale.head(2, 3, 0.5)),
        ("2.3", Ablate.head(2, 3)),
        ("2.3*0.5", Scale.head(2, 3, 0.5)),
        ("m2 @ 13, 3 = zero", Ablate.mlp(2, baseline="zero", positions=(3, 13))),
        ("L3N5 @all= 2", SetNeuron(3, 5, 2.0)),
        ("blocks.2.attn.hook_z.3@13*0", Scale.head(2, 3, 0.0, positions=(13,))),
        ("blocks.2.mlp.hook_post.7=4", SetNeuron(2, 7, 4.0)),
        ("ablate:L2H1:p=3,13:b=zero", Ablate.head(2, 1, positions=(3, 13), baseline="zero")),
        ("steer:2:3.0:t=%20Mary", Steer.tokens(2, " Mary", strength=3.0)),
    ],
)
def test_other_ways_to_say_it(text, edit):
    assert edits_of(text) == (edit,)


def test_a_copied_link_may_hold_several_and_some_that_are_off():
    assert edits_of("ablate:L2H1;!scale:L2.mlp:0.5;set:L2N33:4.0") == (
        Ablate.head(2, 1),
        SetNeuron(2, 33, 4.0),
    )


@pytest.mark.parametrize("edit", EVERY_KIND.values(), ids=EVERY_KIND.keys())
def test_every_kind_is_read_back(edit):
    assert edits_of(short_form(edit)) == (edit,)
    is_short = not isinstance(edit, Steer) and getattr(edit, "strength", 1.0) == 1.0
    assert (":" in short_form(edit)) != is_short


def any_edit(draw: random.Random) -> Edit:
    layer, other, key = draw.randrange(100), draw.randrange(5000), draw.randrange(300)
    places = tuple(sorted({draw.randrange(300) for _ in range(draw.randint(1, 4))}))
    where = {"positions": draw.choice(["all", "prompt", "generated", places])}
    amount = draw.choice([0.0, 1.0, -2.5, 1e-9, 123456.789, draw.uniform(-1e6, 1e6)])
    baseline = draw.choice(["mean", "zero"])
    head = draw.choice([None, 7])
    return draw.choice(
        [
            lambda: Ablate.head(layer, other, baseline=baseline, **where),
            lambda: Ablate.neuron(layer, other, baseline=baseline, **where),
            lambda: Ablate.mlp(layer, baseline=baseline, strength=draw.choice([1.0, 0.3]), **where),
            lambda: Ablate.edge(layer, key, head=head, baseline=baseline, **where),
            lambda: Scale.head(layer, other, amount, **where),
            lambda: Scale.mlp(layer, amount, **where),
            lambda: Scale.edge(layer, key, amount, head=head, **where),
            lambda: SetNeuron(layer, other, amount, **where),
            lambda: Steer.neuron(layer, other, amount, **where),
            lambda: Steer.tokens(layer, draw.choice([" Mary", "a:b;c=*@", 17]), strength=amount, **where),
        ]
    )()


def test_any_edit_is_read_back():
    draw = random.Random(0)
    for _ in range(2000):
        edit = any_edit(draw)
        assert edits_of(short_form(edit)) == (edit,), short_form(edit)


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("", "names nothing", "L2H3=zero"),
        ("L9X6*0", "no name of something", "Did you mean L9H6?"),
        ("L2H3=4.5", "no neuron", "L2H3*0.5"),
        ("L2H3=off", "no neuron", "L2H3=zero"),
        ("L3N5=off", "'off' is no number", "=zero"),
        ("L3N5=", "number is missing", "=zero"),
        ("L2H3*", "number is missing", "Scale with *"),
        ("L2H3*much", "'much' is no number", "Scale with *"),
        ("L2H3*nan", "'nan' is no number", "Scale with *"),
        ("L2H3*0*0", "'0*0' is no number", "Scale with *"),
        ("L2H3*1e9", "from -1e+06 to 1e+06", "Choose one"),
        ("L2H3@", "'' is no position", "count from 0"),
        ("L2H3@-1", "'-1' is no position", "count from 0"),
        ("L2H3@3;4", "'3;4' is no position", "count from 0"),
        ("L2H3@last", "'last' is no position", "@prompt"),
        ("L2H3@3@4", "'3@4' is no position", "count from 0"),
        ("L2.mlp@1-3", "Only heads and attention", "L2.mlp@1,2,3"),
        ("L2.post*0", "no name of something", "Names look like"),
        ("blocks.2.attn.hook_z*0", "no name of something", "say which, as in blocks.2.attn.hook_z.0"),
        ("ablte:L2H1", "'ablte' is no kind", "Did you mean ablate?"),
        ("cut:L2H1", "'cut' is no kind", "They are ablate, scale"),
        ("scale:L2H1", "a field is missing", "Short forms look like"),
        ("!ablate:L2H1", "switches it off", "Leave the mark out"),
        ("L2H3" + "9" * 500, "no name of something", "Names look like"),
    ],
)
def test_every_error_says_the_cure(text, found, remedy):
    with pytest.raises(InterventionError) as refused:
        edits_of(text)
    assert text.strip()[:50] in refused.value.asked
    assert found in refused.value.found
    assert remedy in refused.value.remedy
    assert len(str(refused.value)) < 500
