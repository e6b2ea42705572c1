"""Token strings: readable, lossless, and honest about special tokens."""

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from llm_tt.errors import PromptError
from llm_tt.model.tokenization import check_length, end_tokens, text_of, token_strings, tokenize

TEXTS = [
    "plain",
    "  two  spaces ",
    "tab\tnewline\n",
    "café",
    "日本",
    "a\u00a0b",
    "<script>alert(1)</script>",
    "\x00\x7f",
]


@pytest.fixture(scope="module")
def sentencepiece_like():
    """A tokenizer in the SentencePiece style: ▁ for spaces, byte tokens, <s> put in front."""
    pieces = ["<s>", "<unk>", "▁", "▁the", "▁cat", "s", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Prepend("▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", unk_token="<unk>")


@pytest.mark.parametrize("text", TEXTS)
def test_byte_level_tokens_hold_every_byte(text, byte_tokenizer):
    prompt = tokenize(byte_tokenizer, text)
    bytes_back = b"".join(
        bytes([int(token[3:5], 16)]) if token.startswith("<0x") else token.encode()
        for token in prompt.token_strings
    )
    assert bytes_back == text.encode()
    assert len(prompt) == len(prompt.token_strings) == len(text.encode())


def test_a_piece_of_a_character_is_shown_as_its_byte(byte_tokenizer):
    assert tokenize(byte_tokenizer, "é😀").token_strings == (
        "<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>",
    )  # fmt: skip


def test_a_special_token_typed_as_text_becomes_that_token_and_is_marked(byte_tokenizer):
    prompt = tokenize(byte_tokenizer, "a<|endoftext|>b")
    assert prompt.token_strings == ("a", "<|endoftext|>", "b")
    assert prompt.special_positions == {1}
    assert prompt.added_positions == frozenset()


def test_a_token_that_the_tokenizer_added_is_marked(sentencepiece_like):
    prompt = tokenize(sentencepiece_like, "the cat")
    assert prompt.token_strings[0] == "<s>"
    assert prompt.added_positions == {0}
    assert 0 in prompt.special_positions


def test_sentencepiece_tokens_keep_their_leading_space(sentencepiece_like):
    assert token_strings(sentencepiece_like, [3, 4, 5, 6]) == (" the", " cat", "s", "<0xF0>")


def test_ids_beyond_the_tokenizer_have_a_name(byte_tokenizer):
    assert token_strings(byte_tokenizer, [len(byte_tokenizer) + 5]) == (
        f"<unused {len(byte_tokenizer) + 5}>",
    )


def test_empty_text_has_no_tokens_of_its_own(byte_tokenizer, sentencepiece_like):
    assert len(tokenize(byte_tokenizer, "")) == 0
    assert tokenize(sentencepiece_like, "").added_positions == {0}


def test_half_a_character_is_an_error_of_ours(byte_tokenizer):
    with pytest.raises(PromptError, match="character 3 is half of a surrogate pair"):
        tokenize(byte_tokenizer, "ab\ud800c")


@pytest.mark.parametrize("text", ["plain", " two  spaces ,", "é 日本", "a<|endoftext|>b", "don't ."])
def test_tokens_spell_their_text(text, byte_tokenizer):
    assert text_of(byte_tokenizer, tokenize(byte_tokenizer, text).token_ids) == text


def test_texts_end_with_tokens_that_are_no_ordinary_ones(byte_tokenizer, sentencepiece_like):
    own = byte_tokenizer.eos_token_id
    assert end_tokens(byte_tokenizer, frozenset({own, 7})) == {own}  # 7 is a letter here
    assert end_tokens(byte_tokenizer, frozenset()) == {own}
    special = set(sentencepiece_like.all_special_ids)
    assert end_tokens(sentencepiece_like, frozenset(special)) == special


def test_a_text_that_is_far_too_long_is_not_split(open_family):
    model = open_family("GPT-2")
    with pytest.raises(
        PromptError, match=r"It has 200,001 characters, and the model reads at most 64 tokens"
    ):
        model.tokenize("a" * 200_001)
    check_length("a" * 200_000, 1)
    check_length("a" * 200_001, 10_000)
    with pytest.raises(PromptError, match="1,048,577 characters"):
        check_length("a" * (2**20 + 1), None)
