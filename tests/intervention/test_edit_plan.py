"""Plans sort edits by layer and ask only for what is needed."""

import pytest

from llm_tt.errors import TargetError
from llm_tt.intervention import edit_plan
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from tests.intervention.kinds_of_edits import EVERY_KIND


def test_edits_are_sorted_by_layer(tiny_model):
    plan = EditPlan(tiny_model, [Scale.edge(1, 0, 2.0), SetNeuron(0, 1, 2.0), Steer.neuron(1, 2, 2.0)])
    assert (list(plan.attention), list(plan.neurons), list(plan.mlps)) == ([1], [0], [1])
    everything = EditPlan(tiny_model, list(EVERY_KIND.values()))
    assert list(everything.attention) == list(everything.neurons) == list(everything.mlps) == [0, 1]
    assert everything.edits == tuple(EVERY_KIND.values())


@pytest.mark.parametrize(("family", "late"), [("GPT-2", ()), ("GPT-J", (0, 1)), ("OPT", (0, 1))])
def test_only_single_messages_need_patterns(family, late, open_family):
    model = open_family(family)
    assert EditPlan(model, [Ablate.head(0, 1), Scale.mlp(0, 2.0)]).late_layers == ()
    assert EditPlan(model, [Ablate.edge(1, 2), Ablate.edge(0, 2), Ablate.head(0, 1)]).late_layers == late


def test_the_mean_is_not_computed_for_nothing(tiny_model, monkeypatch):
    asked = []
    baseline_of = edit_plan.baseline_of

    def note(model, name, progress):
        asked.append(name)
        return baseline_of(model, name, progress)

    monkeypatch.setattr(edit_plan, "baseline_of", note)
    EditPlan(tiny_model, [Scale.head(0, 1, 0.0), Ablate.mlp(0, baseline="zero")])
    EditPlan(tiny_model, [Ablate.mlp(0)])
    assert asked == ["zero", "mean"]


def test_a_layer_that_is_not_there(tiny_model):
    with pytest.raises(TargetError, match=r"Find L2\.post in the model"):
        EditPlan(tiny_model, [Steer.tokens(2, 7, strength=1.0)])
