"""Edits of every kind, with every option at least once."""

from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer

EVERY_KIND = {
    "head off": Ablate.head(1, 3),
    "head off at a place": Ablate.head(0, 3, positions=(5, 7), baseline="zero"),
    "head half off": Ablate.head(0, 1, strength=0.5, positions="prompt"),
    "head scaled": Scale.head(1, 0, -1.5),
    "message off": Ablate.edge(1, 1, head=2),
    "messages off": Ablate.edge(0, 2, positions=(4, 6), baseline="zero"),
    "message scaled": Scale.edge(0, 1, 2.5, head=0),
    "messages scaled": Scale.edge(1, 0, 0.25, positions="generated"),
    "MLP off": Ablate.mlp(0),
    "MLP off at a place": Ablate.mlp(1, positions=(5,), baseline="zero", strength=0.75),
    "MLP scaled": Scale.mlp(1, 2.0),
    "neuron off": Ablate.neuron(0, 5),
    "neuron off at a place": Ablate.neuron(1, 6, baseline="zero", positions=(3, 5)),
    "neuron scaled": Scale.neuron(1, 7, -2.0),
    "neuron set": SetNeuron(0, 33, 4.0),
    "neuron set in generated text": SetNeuron(1, 3, 2.5, positions="generated"),
    "steered along a neuron": Steer.neuron(0, 9, 3.0),
    "steered toward a token": Steer.tokens(0, "a", strength=2.0, positions="prompt"),
    "steered between tokens": Steer.tokens(1, 7, "b", strength=-2.0, positions=(5,)),
}
