"""A tiny model with words for tokens, and its index; a notebook, and folders that nobody may write into."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

import llm_tt
from llm_tt.concepts import block_reading, index_building
from llm_tt.concepts.notebook import Notebook
from tests.conftest import BY_NAME
from tests.families.registry import D_VOCAB, build

WORDS = """
<unk> ▁Tokyo tokyo ▁Tōkyō Kyoto ▁Kyoto ▁Osaka to ▁to ▁Toronto ! ▁! 17 ▁17 ▁1 <0xE2> ▁New York ▁York OR
NOT ▁-x - " ▁" ▁Straße strasse ▁über uber ▁😀 <script> ▁a A á b ▁ab ba ▁日本 日本 *
"""

TOKYO, PLANTED = 1, 5
"""A token, and the neuron of layer 1 that writes it and reads it."""


def vocabulary() -> list[str]:
    """Words first, then what makes as many as the model has."""
    words = WORDS.split()
    return [*words, *(f"▁word{number}" for number in range(D_VOCAB - len(words)))]


def build_word_tokenizer() -> PreTrainedTokenizerFast:
    """Words between spaces; what is none of them is <unk>."""
    words = {word: number for number, word in enumerate(vocabulary())}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def build_word_model() -> llm_tt.LanguageModel:
    """One neuron writes exactly the token " Tokyo", through the final norm, and reads its embedding."""
    plain = build(BY_NAME["GPT-2"])
    with torch.no_grad():
        plain.transformer.wte.weight[TOKYO] *= (
            3  # the longest of all, so no other token lies further along it
        )
        row = plain.transformer.ln_f.weight * plain.transformer.wte.weight[TOKYO]
        plain.transformer.h[1].mlp.c_proj.weight[PLANTED] = row - row.mean()
        norm, embedded = plain.transformer.h[1].ln_2.weight, plain.transformer.wte.weight[TOKYO]
        plain.transformer.h[1].mlp.c_fc.weight[:, PLANTED] = (embedded - embedded.mean()) / norm
    return llm_tt.load_model(plain, build_word_tokenizer())


@pytest.fixture(scope="session")
def word_model():
    return build_word_model()


@pytest.fixture(scope="session")
def word_index(word_model):
    return llm_tt.build_index(word_model, in_memory=True)


@pytest.fixture
def small_blocks(monkeypatch):
    """Four blocks, so that a build can be stopped between them."""
    monkeypatch.setattr(block_reading, "MOST_ROWS", 64)


@pytest.fixture
def read_by(monkeypatch):
    """How many blocks were computed."""
    wanted, read = [], index_building.read_blocks

    def counted(model, blocks):
        wanted.append(len(blocks))
        return read(model, blocks)

    monkeypatch.setattr(index_building, "read_blocks", counted)
    return wanted


@pytest.fixture
def notebook(tiny_model, tmp_path):
    """Kept in a folder of its own."""
    book = Notebook.of(tiny_model, tmp_path / "notes")
    yield book
    book.close()


@pytest.fixture
def nobody_may_write() -> Iterator[Callable[[Path], None]]:
    """Take the right to write a folder and its files away, until the test is over; from root too."""
    if os.name != "posix":
        pytest.skip("rights are kept in another way here")
    was, changed = os.geteuid(), []

    def forbid(folder: Path) -> None:
        for place in (folder, *folder.rglob("*")):
            changed.append((place, place.stat().st_mode))
            place.chmod(0o555 if place.is_dir() else 0o444)
        for parent in folder.parents:  # pytest's folders are for root alone
            if parent.stat().st_uid == was and not parent.stat().st_mode & 0o001:
                changed.append((parent, parent.stat().st_mode))
                parent.chmod(parent.stat().st_mode | 0o055)
        if was == 0:
            os.seteuid(65534)

    yield forbid
    os.seteuid(was)
    for place, mode in reversed(changed):
        place.chmod(mode)
