"""Equal models have equal fingerprints; one number, name, type or token makes another."""

import copy
import re
import subprocess
import sys

import pytest
import torch

import llm_tt
from llm_tt.model.fingerprint import fingerprint_of
from tests.conftest import BY_NAME
from tests.families.registry import build

WEIGHTS = {"a": torch.arange(6.0).reshape(2, 3) - 2.5, "b": torch.tensor([1.5, -0.5])}


def fingerprint(weights=WEIGHTS, words=("x", "y"), facts=("gpt2",)):
    return fingerprint_of(weights.items(), words, facts)


def test_it_is_thirty_two_hexadecimal_digits_whatever_the_order():
    assert re.fullmatch("[0-9a-f]{32}", fingerprint())
    assert fingerprint() == fingerprint(dict(reversed(WEIGHTS.items())))


def changed(name, change):
    weights = {key: value.clone() for key, value in WEIGHTS.items()}
    weights[name] = change(weights[name])
    return weights


def one_bit(tensor):
    tensor.view(torch.int32)[1, 2] ^= 1
    return tensor


@pytest.mark.parametrize(
    "other",
    [
        fingerprint(changed("a", one_bit)),
        fingerprint(changed("a", lambda tensor: tensor.double())),
        fingerprint(changed("a", lambda tensor: tensor.reshape(3, 2))),
        fingerprint(changed("b", lambda tensor: tensor.flip(0))),
        fingerprint({"a": WEIGHTS["a"], "c": WEIGHTS["b"]}),
        fingerprint(words=("x", "z")),
        fingerprint(words=("xy",)),
        fingerprint(words=("x", "y", "gpt2"), facts=()),
        fingerprint(facts=("llama",)),
    ],
)
def test_whatever_changes_it_becomes_another(other):
    assert other != fingerprint()


def test_views_half_precision_and_empty_tensors():
    wide = torch.randn(5, 8)
    assert fingerprint({"a": wide.T}) == fingerprint({"a": wide.T.contiguous()})
    half = wide.bfloat16()
    assert fingerprint({"a": half}) != fingerprint({"a": wide})
    assert len(fingerprint({"a": torch.empty(0, 4), "b": torch.tensor(3.0), "c": torch.empty(0)})) == 32


def test_pieces_are_only_for_speed_but_all_are_read(monkeypatch):
    monkeypatch.setattr("llm_tt.model.fingerprint.PIECE_NUMBERS", 3)
    assert fingerprint() == fingerprint()
    assert fingerprint() != fingerprint(changed("a", one_bit))


def test_two_openings_of_one_model_are_equal_and_another_precision_is_not(byte_tokenizer):
    plain = build(BY_NAME["GPT-2"])
    first, again = (llm_tt.load_model(copy.deepcopy(plain), byte_tokenizer) for _ in range(2))
    double = llm_tt.load_model(copy.deepcopy(plain).double(), byte_tokenizer)
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != double.fingerprint
    with torch.no_grad():
        plain.transformer.h[1].mlp.c_proj.weight[3, 4] += 1e-4
    assert llm_tt.load_model(plain, byte_tokenizer).fingerprint != first.fingerprint


def test_a_factor_of_the_configuration_makes_another_model(byte_tokenizer):
    plain = build(BY_NAME["Granite"])
    other = copy.deepcopy(plain)
    other.config.logits_scaling = 2.0
    first, second = (llm_tt.load_model(model, byte_tokenizer) for model in (plain, other))
    assert first.fingerprint != second.fingerprint


def test_another_process_finds_the_same(tiny_model):
    code = (
        "import llm_tt; from tests.conftest import BY_NAME; from tests.families.registry import build;"
        "from llm_tt.model.untrained import build_byte_tokenizer as tokenizer;"
        "print(llm_tt.load_model(build(BY_NAME['GPT-2']), tokenizer()).fingerprint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == tiny_model.fingerprint
