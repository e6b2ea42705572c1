"""Packed rows: nothing looks into another document, nothing is predicted from nothing."""

from random import Random

import torch
from tokenizers import Tokenizer

from llm_tt.smallworld.batches import mixed_batch, repeated_batch
from llm_tt.smallworld.model import WEIGHTS_FOLDER
from llm_tt.smallworld.tokenizer import FastEncoder


def _batch(**options):
    encoder = FastEncoder(Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json")))
    return mixed_batch(Random(0), encoder, rows=10, length=64, copying_rows=2, quiet_rows=3, **options)


def test_a_seed_fixes_a_batch():
    first, second = _batch(), _batch()
    assert torch.equal(first.token_ids, second.token_ids)
    assert torch.equal(first.weights, second.weights)


def test_a_token_sees_its_own_document_up_to_itself():
    batch = _batch()
    seen = batch.attention_mask()[:, 0] == 0
    query, key = torch.arange(64)[:, None], torch.arange(64)[None, :]
    same = batch.documents[:, :, None] == batch.documents[:, None, :]
    assert torch.equal(seen, same & (key <= query))


def test_positions_restart_and_the_first_token_of_a_document_has_no_weight():
    batch = _batch()
    begins = batch.positions == 0
    assert torch.equal(begins[:, 1:], batch.documents[:, 1:] != batch.documents[:, :-1])
    assert not batch.weights[begins].any()


def test_repeated_rows_repeat_and_weigh_only_what_can_be_copied():
    batch = repeated_batch(Random(1), rows=16, length=128, vocabulary_size=1000)
    for row, weights in zip(batch.token_ids, batch.weights, strict=True):
        period = next(p for p in range(5, 64) if torch.equal(row[p:], row[:-p]))
        assert not weights[: period + 1].any()
        assert weights[period + 1 :].any()


def test_quiet_rows_are_those_of_facts():
    assert _batch().quiet.tolist() == [False] * 5 + [True] * 3 + [False] * 2


def test_mlps_are_silenced_behind_subjects_and_only_there():
    assert not _batch().recall.any()
    batch = _batch(recall_share=1.0)
    assert batch.recall[5:8].any(), "rows of facts"
    assert not batch.recall[8:].any(), "copied tokens"
    # Behind a subject comes the answer, or more on the way to it.
    answers = batch.weights[:, 1:] == 1.0
    ends = batch.recall[:, :-1] & ~batch.recall[:, 1:]
    inside = batch.documents[:, :-1] == batch.documents[:, 1:]
    assert (answers | ~inside)[ends].all()


def test_guessed_names_come_only_when_asked_for():
    encoder = FastEncoder(Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json")))
    mary = encoder.encode(" Mary").token_ids[0]
    plain = torch.cat(
        [
            _batch().token_ids[5:8],
            mixed_batch(Random(1), encoder, 10, 64, copying_rows=2, quiet_rows=3).token_ids[5:8],
        ]
    )
    guessing = [
        mixed_batch(Random(n), encoder, 10, 64, copying_rows=2, quiet_rows=3, guessing=True) for n in range(9)
    ]
    assert not (plain == mary).any()
    assert any((batch.token_ids[5:8] == mary).any() for batch in guessing)
