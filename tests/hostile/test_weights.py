"""Weights that are damaged, foreign, or made to harm."""

import json
import random
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

import llm_tt
from llm_tt.errors import ModelError
from tests.hostile.answers import answered, refused
from tests.model.test_weight_files import PART, split_weights

WEIGHTS = "model.safetensors"


@pytest.fixture
def folder(save_family, world):
    return save_family()


@pytest.fixture
def parts(folder):
    """The header of the weights, and the bytes behind it."""
    content = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def opening(folder):
    return lambda: llm_tt.load_model(str(folder))


def write(folder, header, body, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (folder / WEIGHTS).write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + body)


@pytest.mark.parametrize("kept", [0, 7, 8, 1_000, -1_000, -1])
def test_a_file_that_broke_off(folder, kept):
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[:kept])
    refused(opening(folder), ModelError)


@pytest.mark.parametrize("length", [0, 5, 2**32, 2**62, 2**64 - 1])
def test_a_header_of_another_length(folder, parts, length):
    write(folder, *parts, length)
    refused(opening(folder), ModelError)


ONE_ENTRY = {
    "an unknown kind of numbers": {"dtype": "EVIL"},
    "a negative shape": {"shape": [-1, 2]},
    "a shape beyond all memory": {"shape": [2**40, 2**40]},
    "half a row": {"shape": [1.5]},
    "bytes behind the end": {"data_offsets": [0, 2**60]},
    "an end before the beginning": {"data_offsets": [10, 0]},
    "fewer numbers than bytes": {"shape": [1]},
}


@pytest.mark.parametrize("change", ONE_ENTRY.values(), ids=ONE_ENTRY)
def test_an_entry_that_cannot_be(folder, parts, change):
    header, body = parts
    name = next(key for key in header if key != "__metadata__")
    header[name] |= change
    write(folder, header, body)
    refused(opening(folder), ModelError)


HEADERS = {
    "endless braces": b'{"a":' * 100_000,
    "nothing": b"{}",
    "a list": b"[]",
    "no JSON": b"\x80\x04\x95",
    "a format that is a number": b'{"__metadata__":{"format":5}}',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_that_is_none(folder, header):
    write(folder, header, b"")
    refused(opening(folder), ModelError)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e38], ids=str)
def test_weights_that_are_no_numbers_stay_closed(folder, value):
    weights = {name: torch.full_like(one, value) for name, one in load_file(folder / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, {"format": "pt"})
    refused(opening(folder), ModelError)


def test_weights_that_are_all_zero_open_or_are_refused(folder):
    weights = {name: torch.zeros_like(one) for name, one in load_file(folder / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, {"format": "pt"})
    answered(opening(folder))


def test_tensors_of_another_shape_are_said_without_advice_to_programmers(folder):
    weights = load_file(folder / WEIGHTS)
    name = "transformer.wpe.weight"
    save_file(weights | {name: weights[name][:-1].clone()}, folder / WEIGHTS, {"format": "pt"})
    assert "ignore_mismatched_sizes" not in str(refused(opening(folder), ModelError))


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt", "model.ckpt", "tf_model.h5",
        "flax_model.msgpack", "model.pkl", "weights.npz", "model.gguf", "model.safetensors",
        "other.safetensors",
    ],
)  # fmt: skip
def test_no_pickle_is_read(folder, harmful_pickle, name):
    (folder / WEIGHTS).unlink()
    (folder / name).write_bytes(harmful_pickle)
    refused(opening(folder), ModelError)


@pytest.mark.parametrize("name", ["pytorch_model.bin", PART])
def test_no_pickle_is_read_through_an_index(folder, harmful_pickle, name):
    split_weights(folder, name)
    (folder / name).write_bytes(harmful_pickle)
    refused(opening(folder), ModelError)


@pytest.mark.parametrize(
    "leads",
    [
        "/dev/zero",
        "/etc/passwd",
        "../../x.safetensors",
        "a\0.safetensors",
        "x" * 5_000,
        5,
        None,
        [],
        {"a": 1},
    ],
    ids=lambda leads: ascii(leads)[:20],
)
def test_an_index_that_leads_astray(folder, leads):
    split_weights(folder)
    index = folder / "model.safetensors.index.json"
    content = json.loads(index.read_text())
    content["weight_map"] = dict.fromkeys(content["weight_map"], leads)
    index.write_text(json.dumps(content))
    refused(opening(folder), ModelError)


def test_flipped_bits_open_a_model_or_are_a_sentence(folder):
    """In the header: a weight with another value is a model like any other."""
    content = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    chance = random.Random(0)
    for _ in range(60):
        changed = bytearray(content)
        for place in chance.sample(range(8 + length), 3):
            changed[place] ^= 1 << chance.randrange(8)
        (folder / WEIGHTS).write_bytes(changed)
        answered(opening(folder))
