"""Models and plain references that the tests of attribution share."""

from collections.abc import Callable, Iterator

import pytest
import torch
from einops import einsum

import llm_tt
from tests.conftest import BY_NAME
from tests.families.double_precision import KeepDoublePrecision
from tests.families.registry import build

TEXT = "Some words."


@pytest.fixture
def exact() -> Iterator[None]:
    """Families write float32 into their norms; lifted here, so that float64 is exact."""
    with KeepDoublePrecision():
        yield


@pytest.fixture
def open_double(byte_tokenizer, exact) -> Callable[..., llm_tt.LanguageModel]:
    """Open a family in float64; without biases its predictions are homogeneous in every part."""

    def open_named(name: str, *, biases: bool = True) -> llm_tt.LanguageModel:
        plain = build(BY_NAME[name], torch.float64)
        if name == "Mixtral":
            plain.set_experts_implementation("eager")  # the grouped kernel knows no float64
        if not biases:
            with torch.no_grad():
                for key, parameter in plain.named_parameters():
                    if key.endswith("bias"):
                        parameter.zero_()
        return llm_tt.load_model(plain, byte_tokenizer)

    return open_named


def all_messages(model, trace, layer: int) -> torch.Tensor:
    """[query key head d_model], which the library never builds."""
    weights = model.layer_weights(layer)
    messages = einsum(
        trace.patterns[layer],
        trace.layer_values(layer),
        weights.head_out,
        "head query key, key head d_head, head d_head d_model -> query key head d_model",
    )
    return messages * trace.attention_scale[layer][:, None, None, None]
