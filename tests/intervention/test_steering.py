"""Steering names the state that it moves; its tokens are kept as they were given."""

from llm_tt.intervention.steering import NeuronDirection, Steer, TokenDirection


def test_a_direction_is_a_plain_value():
    assert Steer.neuron(2, 33, 1.5) == Steer(2, NeuronDirection(33), 1.5)
    assert Steer.tokens(2, " Mary", 17, strength=1.5) == Steer(2, TokenDirection(" Mary", 17), 1.5)
    assert Steer.tokens(2, "1", strength=1.0) != Steer.tokens(2, 1, strength=1.0)
    assert Steer.neuron(2, 33, 1.5).component_name == "L2.post"
