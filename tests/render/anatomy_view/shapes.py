"""Made-up models of many kinds, and how much of them is shown."""

from dataclasses import replace
from typing import Final

from tests.render.anatomy_view.made_up import Shape

SHAPES: Final = {
    "one layer": Shape(),
    "the first layer": Shape(layers=(0,), heads=2),
    "two layers": Shape(layers=(1, 2), seed=1),
    "three layers": Shape(layers=(1, 2, 3), seed=2),
    "parallel": Shape(parallel=True, seed=3),
    "parallel, one norm": Shape(layers=(4, 5), parallel=True, own_norm_mlp=False, seed=4),
    "parallel, no norm": Shape(parallel=True, norms=False, seed=5),
    "no neurons": Shape(neurons=0, seed=6),
    "no norm": Shape(norms=False, seed=7),
    "no circuits": Shape(circuits=False, seed=8),
    "no output neurons": Shape(outputs=0, seed=9),
    "forty heads": Shape(
        layers=(30, 31, 32), heads=40, keys=4, outputs=12, neurons=24, vocabulary=256_000, seed=10
    ),
    "hardly anything": Shape(heads=1, keys=1, outputs=0, neurons=1, norms=False, circuits=False, seed=11),
    "as lengths": replace(Shape(), measure="norm"),
    "attention": replace(Shape(), measure="attention"),
}
"""Models and choices of many kinds, by what is special about them."""
