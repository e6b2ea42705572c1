"""The options of `llm-tt batch` say all words that they take, and have the library's own defaults."""

import inspect
from typing import get_args

import pytest

from llm_tt.attribution.method_list import METHODS
from llm_tt.batch.job import PROMPTS_PER_PART
from llm_tt.batch.options import BatchOptions, ContrastSource, TargetSource
from llm_tt.batch.ray_cluster import RayWorkers
from llm_tt.cli import batch_options
from llm_tt.cli.batch import batch
from llm_tt.model.spec import DTYPES


def help_of(name: str) -> str:
    _, option = get_args(getattr(batch_options, name))
    return option.help


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Methods", METHODS),
        ("Target", get_args(TargetSource)),
        ("Contrast", get_args(ContrastSource)),
        ("Baseline", ("mean", "zero")),
        ("Dtype", DTYPES),
    ],
)
def test_every_word_is_named(name, words):
    assert all(word in help_of(name) for word in words)


def test_defaults_are_those_of_the_library():
    given = {name: parameter.default for name, parameter in inspect.signature(batch).parameters.items()}
    options, workers = BatchOptions(), RayWorkers()
    for name in ("target", "contrast", "density", "neurons", "edges", "measure", "baseline"):
        assert given[name] == getattr(options, name), name
    assert (given["workers"], given["cpus"], given["gpus"]) == (workers.workers, workers.cpus, workers.gpus)
    assert given["prompts_per_part"] == PROMPTS_PER_PART
