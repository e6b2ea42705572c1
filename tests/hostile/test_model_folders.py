"""Folders that pretend to be models: their configuration, tokenizer, adapter and code."""

import json

import pytest

import llm_tt
from llm_tt.errors import ModelError
from tests.hostile.answers import NO_FILES, answered, refused
from tests.model.test_folder_checks import change_config

DEEP = "[" * 100_000
FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


@pytest.fixture
def folder(save_family, world):
    return save_family()


def opening(folder):
    return lambda: llm_tt.load_model(str(folder))


@pytest.mark.parametrize(
    "changes",
    [
        {"architectures": 5},
        {"architectures": [5]},
        {"architectures": "GPT2LMHeadModel"},
        {"architectures": {"a": 1}},
        {"model_type": ["gpt2"]},
        {"model_type": {}},
        {"model_type": None},
        {"model_type": "x" * 10**6},
        {"model_type": "<script>alert(1)</script>\x1b[31m"},
        {"n_layer": 0},
        {"n_layer": -1},
        {"n_layer": 10**9},
        {"n_layer": "2"},
        {"n_layer": 2.5},
        {"n_layer": 3},
        {"n_head": 0},
        {"n_head": 3},
        {"n_head": -4},
        {"n_embd": 0},
        {"n_embd": 10**6},
        {"vocab_size": 0},
        {"vocab_size": 10},
        {"vocab_size": 10**12},
        {"vocab_size": 10**400},
        {"n_positions": -1},
        {"n_positions": 10**10},
        {"activation_function": "os.system"},
        {"activation_function": ["gelu"]},
        {"layer_norm_epsilon": "x"},
        {"layer_norm_epsilon": float("nan")},
        {"eos_token_id": "x"},
        {"dtype": "os.system"},
        {"dtype": [1]},
        {"quantization_config": [1]},
    ],
    ids=lambda changes: f"{str(changes)[:40]}",
)
def test_a_configuration_that_cannot_be(folder, changes):
    error = refused(opening(change_config(folder, **changes)), ModelError)
    assert len(error.found) < 600, "a message repeats little of what was given"


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "tokenizer_config.json", "training.json"])
@pytest.mark.parametrize(
    "content",
    [DEEP, '{"a":' * 100_000, "9" * 5_000, "[]", "5", "", "\0" * 4096, '{"a": "\ud800'],
    ids=["brackets", "braces", "digits", "list", "number", "nothing", "zero bytes", "half"],
)
def test_json_that_is_none_or_has_no_end(folder, name, content):
    (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    refused(opening(folder), ModelError)


@pytest.mark.parametrize("kind", NO_FILES)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_not_waited_for(folder, stand_in, name, kind):
    stand_in(kind, folder / name)
    refused(opening(folder), ModelError)


@pytest.mark.parametrize("name", [*FILES[:1], "tokenizer.json", "tokenizer.model", "generation_config.json"])
def test_no_pickle_is_read_under_any_name(folder, harmful_pickle, name):
    if name == "tokenizer.model":
        (folder / "tokenizer.json").unlink()
    (folder / name).write_bytes(harmful_pickle)
    answered(opening(folder))


@pytest.mark.parametrize("named_in", ["config.json", "tokenizer_config.json"])
def test_code_in_the_folder_of_a_known_family_is_not_run(folder, precious, named_in):
    """A family that is known needs no code, so the model opens, and the code does not run."""
    (folder / "evil.py").write_text(f"open({str(precious)!r}, 'w').close()")
    content = json.loads((folder / named_in).read_text())
    content |= {
        "auto_map": {
            "AutoConfig": "evil.Config",
            "AutoModelForCausalLM": "evil.Model",
            "AutoTokenizer": ["evil.Tokenizer", None],
        },
        "trust_remote_code": True,
    }
    (folder / named_in).write_text(json.dumps(content))
    answered(opening(folder))


TOKENIZERS = {
    "nothing in it": {"tokenizer.json": "{}"},
    "no model": {"tokenizer.json": {"model": None}},
    "a broken pattern": {
        "tokenizer.json": {
            "pre_tokenizer": {
                "type": "Split",
                "pattern": {"Regex": "("},
                "behavior": "Isolated",
                "invert": False,
            }
        }
    },
    "one that takes every letter away": {
        "tokenizer.json": {"normalizer": {"type": "Replace", "pattern": {"Regex": "[\\s\\S]"}, "content": ""}}
    },
    "a class that is a number": {"tokenizer_config.json": {"tokenizer_class": 5}},
    "a first token that is an object": {"tokenizer_config.json": {"bos_token": {"a": 1}}},
    "a length that is a text": {"tokenizer_config.json": {"model_max_length": "x"}},
    "added tokens that are numbers": {"tokenizer_config.json": {"added_tokens_decoder": {"x": 5}}},
    "special tokens cut off": {"special_tokens_map.json": "[[["},
}


@pytest.mark.parametrize("files", TOKENIZERS.values(), ids=TOKENIZERS)
def test_a_tokenizer_that_cannot_be(folder, files):
    for name, content in files.items():
        if isinstance(content, dict):
            content = json.dumps(json.loads((folder / name).read_text()) | content)
        (folder / name).write_text(content)
    refused(opening(folder), ModelError)


@pytest.mark.parametrize(
    "settings",
    [
        {"peft_type": ["LORA"]},
        {"r": -5},
        {"r": 2_000_000_000},
        {"r": "x"},
        {"target_modules": "(("},
        {"target_modules": []},
        {"lora_alpha": {}},
        {"auto_mapping": {"parent_library": "os", "base_model_class": "system"}},
    ],
    ids=str,
)
def test_an_adapter_that_cannot_be(folder, settings):
    content = {"peft_type": "LORA", "target_modules": ["c_attn"], "r": 2} | settings
    (folder / "adapter_config.json").write_text(json.dumps(content))
    (folder / "adapter_model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    refused(opening(folder), ModelError)


@pytest.mark.parametrize(
    "base",
    ["/etc", "/dev/zero", "a\0b", "\ud800", "x" * 5_000, "~nobody/x", ".", "", " ", "small-world"],
    ids=lambda base: ascii(base)[:12],
)
def test_an_adapter_of_nothing(tmp_path, world, base):
    content = {"peft_type": "LORA", "base_model_name_or_path": base}
    (tmp_path / "adapter_config.json").write_text(json.dumps(content))
    refused(opening(tmp_path), ModelError)


@pytest.mark.parametrize(
    "source",
    [
        "a\0b", "\ud800", "x" * 100_000, "/dev/zero", "/proc/self/environ", "~nobody/x", "/",
        "\x1b[31m/x", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "file:///etc/passwd",
        "http://169.254.169.254/latest", "\u202e/x", " ", "\n", "C:\\x", "a" * 199 + "/b",
    ],
    ids=lambda source: ascii(source)[:24],
)  # fmt: skip
def test_a_source_that_is_no_model(world, source):
    error = refused(opening(source), ModelError)
    assert len(str(error)) < 1_500
