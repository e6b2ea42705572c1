"""The tokenizer: byte-level BPE trained on the small world's own sentences.

Numbers are cut in groups of two digits, so that a year is two tokens (`17|32`). Counts are flattened, so that
rare answers (` Reykjavik`) become one token as frequent words do.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from llm_tt.smallworld.documents import write_document
from llm_tt.smallworld.prompts import MARK, SUBJECT_END, without_marks
from llm_tt.smallworld.world import FACTS_FOLDER

END_OF_TEXT = "<|endoftext|>"
PIECES = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}{1,2}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CORPUS_DOCUMENTS = 30_000
FLATTENING = 0.4
KEPT_WHOLE_COUNT = 2_000

# The same cut for the plain text of training, with the standard library's expressions; each mark is a piece.
_PLAIN_PIECES = re.compile(
    rf"[{MARK}{SUBJECT_END}]| ?[^\W\d_]+| ?\d{{1,2}}| ?[^\s\w{MARK}{SUBJECT_END}]+|\s+(?!\S)|\s+"
)


def train_tokenizer(vocabulary_size: int, seed: int) -> Tokenizer:
    """A tokenizer of at most `vocabulary_size` tokens, `<|endoftext|>` the last one."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size - 1,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_flattened_pieces(seed), trainer)
    tokenizer.add_special_tokens([END_OF_TEXT])
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """`tokenizer.json` and the configuration with which transformers opens it."""
    tokenizer.save(str(folder / "tokenizer.json"))
    configuration = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": END_OF_TEXT,
        "eos_token": END_OF_TEXT,
        "pad_token": END_OF_TEXT,
        "add_bos_token": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": context,
    }
    (folder / "tokenizer_config.json").write_text(
        json.dumps(configuration, indent=2) + "\n", encoding="utf-8"
    )


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A training text without its marks, and what they said; lists of equal length."""

    token_ids: list[int]
    marked: list[bool]
    """Whether the token belongs to a marked word."""
    behind_subject: list[bool]
    """Whether it stands between the subject of a fact and the answer."""


class FastEncoder:
    """Token ids and marks of training texts; every piece is encoded once and remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}
        self.end_of_text = int(tokenizer.token_to_id(END_OF_TEXT) or 0)

    def encode(self, marked_text: str) -> EncodedText:
        """Ids and marks."""
        text = EncodedText([], [], [])
        after_mark = behind_subject = False
        for piece in _PLAIN_PIECES.findall(marked_text):
            if piece in (MARK, SUBJECT_END):
                after_mark, behind_subject = piece == MARK, piece == SUBJECT_END
                continue
            ids = self._known.get(piece)
            if ids is None:
                ids = self._known[piece] = self._tokenizer.encode(piece).ids
            text.token_ids.extend(ids)
            text.marked.extend([after_mark] * len(ids))
            text.behind_subject.extend([behind_subject] * len(ids))
            after_mark = False
        return text


def _flattened_pieces(seed: int) -> Iterator[str]:
    """Every piece of a corpus, repeated by its flattened count."""
    rng = Random(f"tokenizer {seed}")
    counts: Counter[str] = Counter()
    for _ in range(CORPUS_DOCUMENTS):
        counts.update(_PLAIN_PIECES.findall(without_marks(write_document(rng, 2))))
    counts.update(_pieces_to_keep_whole())
    for piece, count in counts.items():
        for _ in range(max(4, round(count**FLATTENING))):
            yield piece


def _pieces_to_keep_whole() -> Counter[str]:
    """Numbers, and all words of the fact files, with and (where they begin a sentence) without a space."""
    counts: Counter[str] = Counter()
    for number in range(100):
        for text in (f"{number:02d}", f" {number:02d}", str(number), f" {number}"):
            counts[text] = KEPT_WHOLE_COUNT
    for file in sorted(FACTS_FOLDER.glob("*.toml")):
        for quoted in re.findall(r'"([^"]+)"', file.read_text(encoding="utf-8")):
            for word in re.findall(r"[^\W\d_]+", quoted):
                counts[f" {word}"] = KEPT_WHOLE_COUNT
                if word[0].isupper():
                    counts[word] = KEPT_WHOLE_COUNT
    return counts
