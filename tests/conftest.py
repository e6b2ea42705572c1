"""Models that many tests share. All are random, tiny and built in memory: nothing is downloaded."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast

import llm_tt
from llm_tt.model.check_up import Capability, CheckUp
from llm_tt.model.untrained import build_byte_tokenizer
from tests.families.double_precision import KeepDoublePrecision
from tests.families.registry import FAMILIES, Family, build

pytest_plugins = ["tests.browsing"]

# Nothing of a test goes into the folders of whoever runs it, also not of the servers that tests start.
for _variable in ("LLM_TT_CACHE", "LLM_TT_DATA"):
    os.environ[_variable] = tempfile.mkdtemp(prefix="llm_tt-tests-")

BY_NAME = {family.name: family for family in FAMILIES}


@pytest.fixture(scope="session")
def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte."""
    return build_byte_tokenizer()


@pytest.fixture(scope="session")
def open_family(byte_tokenizer) -> Callable[[str], llm_tt.LanguageModel]:
    """Open a tiny model of a family by its name; each is opened once."""
    opened: dict[str, llm_tt.LanguageModel] = {}

    def open_named(name: str) -> llm_tt.LanguageModel:
        if name not in opened:
            opened[name] = llm_tt.load_model(build(BY_NAME[name]), byte_tokenizer)
        return opened[name]

    return open_named


@pytest.fixture(scope="session")
def tiny_model(open_family) -> llm_tt.LanguageModel:
    """Two layers of GPT-2 with every bias random."""
    return open_family("GPT-2")


@pytest.fixture(scope="session")
def grouped_model(open_family) -> llm_tt.LanguageModel:
    """Two layers of Llama whose heads share keys and values in pairs."""
    return open_family("Llama, with biases")


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


@pytest.fixture
def save_family(tmp_path, byte_tokenizer) -> Callable[..., Path]:
    """Save a tiny model of a family as a person would have it on disk, and return the folder."""

    def save(family: str | Family = "GPT-2", *, tokenizer: bool = True) -> Path:
        family = BY_NAME[family] if isinstance(family, str) else family
        folder = tmp_path / family.name.replace(" ", "-").replace(",", "").lower()
        build(family).save_pretrained(folder)
        if tokenizer:
            byte_tokenizer.save_pretrained(folder)
        return folder

    return save


@pytest.fixture
def without_lens(monkeypatch) -> Callable[[llm_tt.LanguageModel], None]:
    """Switch the lens of a model off until the test is over."""

    def switch_off(model: llm_tt.LanguageModel) -> None:
        findings = tuple(
            replace(finding, passed=finding.capability is not Capability.LENS)
            for finding in model.self_test.findings
        )
        monkeypatch.setattr(model, "self_test", CheckUp(findings))

    return switch_off
