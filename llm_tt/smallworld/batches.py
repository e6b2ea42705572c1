"""Batches: documents packed in rows, each seeing only itself, and rows of repeated random tokens."""

from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor

from llm_tt.smallworld.documents import FACT_SHARES, GUESSING_SHARES, SHARES, write_document
from llm_tt.smallworld.tokenizer import FastEncoder

ANSWER_WEIGHT, FILLER_WEIGHT, COPY_WEIGHT = 1.0, 0.1, 0.6
FILLER_COMPUTED = 0.25
"""Only this share of the filler words enters the loss (with a larger weight): the output layer costs time."""
COPIES_COMPUTED = 0.5
SHORTEST_PERIOD = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of tokens with what each may see and how much its prediction weighs."""

    token_ids: Tensor
    """[row position]"""
    positions: Tensor
    """[row position]; they restart with every document"""
    documents: Tensor
    """[row position]: number of the document in its row"""
    weights: Tensor
    """[row position]: weight of predicting this token from the one before; 0 for none"""
    quiet: Tensor
    """[row]: whether the row holds facts only and the name-moving heads are silenced in it"""
    recall: Tensor
    """[row position]: whether this stands behind the subject of a fact, and the MLPs are silenced there"""

    def attention_mask(self) -> Tensor:
        """[row 1 query key]: 0 where a token may look (its own document, not ahead), else very low."""
        length = self.token_ids.shape[1]
        same = self.documents[:, :, None] == self.documents[:, None, :]
        causal = torch.ones(length, length, dtype=torch.bool, device=same.device).tril()
        blocked = torch.zeros(same.shape, device=same.device)
        blocked.masked_fill_(~(same & causal), torch.finfo(torch.float32).min)
        return blocked[:, None]

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        columns = (self.token_ids, self.positions, self.documents, self.weights, self.quiet, self.recall)
        return Batch(*(tensor.to(device) for tensor in columns))


def repeated_batch(rng: Random, rows: int, length: int, vocabulary_size: int) -> Batch:
    """Random tokens, each row repeated with a period of its own; only repeats weigh."""
    generator = torch.Generator().manual_seed(rng.getrandbits(62))
    longest = length // 2
    period = torch.randint(SHORTEST_PERIOD, longest + 1, (rows, 1), generator=generator)
    words = torch.randint(0, vocabulary_size, (rows, longest), generator=generator)
    places = torch.arange(length).expand(rows, length)
    computed = torch.rand(rows, length, generator=generator) < COPIES_COMPUTED
    return Batch(
        token_ids=words.gather(1, places % period),
        positions=places,
        documents=torch.zeros(rows, length, dtype=torch.long),
        weights=((places > period) & computed).float() * COPY_WEIGHT,
        quiet=torch.zeros(rows, dtype=torch.bool),
        recall=torch.zeros(rows, length, dtype=torch.bool),
    )


def mixed_batch(  # noqa: PLR0913 (how many rows of what)
    rng: Random,
    encoder: FastEncoder,
    rows: int,
    length: int,
    *,
    copying_rows: int,
    quiet_rows: int = 0,
    recall_share: float = 0.0,
    guessing: bool = False,
    shares: dict[str, int] = SHARES,
) -> Batch:
    """Rows of documents; some of facts only, and the last of repeated random tokens."""
    quiet = [number >= rows - copying_rows - quiet_rows for number in range(rows - copying_rows)]
    in_quiet = GUESSING_SHARES if guessing else FACT_SHARES
    packed = [_packed_row(rng, encoder, length, in_quiet if row else shares, recall_share) for row in quiet]
    columns = [torch.tensor(column) for column in zip(*packed, strict=True)]
    documents = Batch(columns[0], columns[1], columns[2], columns[3], torch.tensor(quiet), columns[4])
    copying = repeated_batch(rng, copying_rows, length, encoder.end_of_text)
    return Batch(
        torch.cat([documents.token_ids, copying.token_ids]),
        torch.cat([documents.positions, copying.positions]),
        torch.cat([documents.documents, copying.documents]),
        torch.cat([documents.weights, copying.weights]),
        torch.cat([documents.quiet, copying.quiet]),
        torch.cat([documents.recall, copying.recall]),
    )


def _packed_row(
    rng: Random, encoder: FastEncoder, length: int, shares: dict[str, int], recall_share: float
) -> tuple[list[int], list[int], list[int], list[float], list[bool]]:
    """Token ids, positions, document numbers, weights, recall of one full row; the last document is cut."""
    token_ids: list[int] = []
    positions: list[int] = []
    documents: list[int] = []
    weights: list[float] = []
    recall: list[bool] = []
    number = 0
    while len(token_ids) < length:
        text = encoder.encode(write_document(rng, _sentences(rng, length), shares))
        start = [encoder.end_of_text] if rng.random() < 0.5 else []
        is_recall = rng.random() < recall_share
        token_ids += start + text.token_ids
        positions += range(len(start) + len(text.token_ids))
        documents += [number] * (len(start) + len(text.token_ids))
        marked = [False] * len(start) + text.marked
        weights.append(0.0)  # the first token of a document follows from nothing
        weights += [ANSWER_WEIGHT if mark else _filler_weight(rng) for mark in marked[1:]]
        recall += [False] * len(start) + [is_recall and behind for behind in text.behind_subject]
        number += 1
    return token_ids[:length], positions[:length], documents[:length], weights[:length], recall[:length]


def _sentences(rng: Random, length: int) -> int:
    """Mostly single sentences in short rows; long rows teach later positions."""
    return rng.choice((1, 1, 1, 2, 3)) if length <= 64 else rng.choice((4, 6, 8))


def _filler_weight(rng: Random) -> float:
    return FILLER_WEIGHT / FILLER_COMPUTED if rng.random() < FILLER_COMPUTED else 0.0
