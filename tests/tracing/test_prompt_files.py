"""Prompts of a file, exactly as they stand there; everything else is refused with its line."""

import codecs
import json

import pytest

from llm_tt.errors import PromptError
from llm_tt.tracing.prompt_files import MAX_PROMPTS, read_prompts


@pytest.mark.parametrize(
    ("content", "prompts"),
    [
        (b"one", ("one",)),
        (b"one\ntwo\n", ("one", "two")),
        (b"one\r\ntwo\r\n", ("one", "two")),
        (b"one\rtwo", ("one", "two")),
        (b"\n\none\n \t\ntwo\n\n", ("one", "two")),
        (b"  spaces stay \n\tand tabs", ("  spaces stay ", "\tand tabs")),
        (codecs.BOM_UTF8 + b"one\ntwo", ("one", "two")),
        ("Zürich\n東京 😀".encode(), ("Zürich", "東京 😀")),
        (b'{"prompt": "one"}', ('{"prompt": "one"}',)),
    ],
)
def test_a_text_file_has_one_prompt_a_line(content, prompts):
    assert read_prompts("prompts.txt", content) == prompts


@pytest.mark.parametrize("mark", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_line_ends_end_a_line(mark):
    text = f"before{mark}behind"
    assert read_prompts("a.txt", f"{text}\nnext".encode()) == (text, "next")
    line = json.dumps({"prompt": text}, ensure_ascii=False)
    assert read_prompts("a.jsonl", f"{line}\n".encode()) == (text,)


@pytest.mark.parametrize("name", ["a.jsonl", "A.JSONL"])
def test_json_lines_have_a_prompt_each(name):
    lines = ['{"prompt": "one", "answer": {"prompt": "not this"}}', "", '"two"', '{"prompt": "a\\nb"}']
    content = codecs.BOM_UTF8 + "\r\n".join(lines).encode()
    assert read_prompts(name, content) == ("one", "two", "a\nb")


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "{",
        "7",
        "null",
        '["a list"]',
        "{}",
        '{"text": "another field"}',
        '{"prompt": 7}',
        '{"prompt": null}',
        '{"prompt": ["nested"]}',
        '{"prompt": {"prompt": "nested"}}',
        '{"prompt": ""}',
        '{"prompt": "half a pair \\ud83d"}',
        "[" * 100_000,
        "9" * 10_000,
    ],
)
def test_a_line_without_a_prompt_is_named(line):
    content = f'{{"prompt": "one"}}\n\n{line}\n'.encode()
    with pytest.raises(PromptError, match=r"(?s)prompts of f\.jsonl.*Line 3 is no JSON object.*Write each"):
        read_prompts("f.jsonl", content)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
@pytest.mark.parametrize("content", [b"", b"\n\r\n \t \n", codecs.BOM_UTF8])
def test_a_file_without_text_is_refused(name, content):
    with pytest.raises(PromptError, match=r"no lines with text.*Choose another file"):
        read_prompts(name, content)


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(PromptError, match=r"zero bytes.*Choose a text file"):
        read_prompts("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def test_another_encoding_is_refused_with_its_line():
    with pytest.raises(PromptError, match=r"line 3 is not in UTF-8.*Save it as UTF-8"):
        read_prompts("a.txt", "one\ntwo\nZürich\n".encode("latin-1"))


def test_as_many_prompts_as_can_be_offered_and_no_more():
    content = b"\n".join([b"one"] * MAX_PROMPTS)
    assert len(read_prompts("a.txt", content + b"\n\n")) == MAX_PROMPTS
    with pytest.raises(PromptError, match=r"10,001 prompts, and 10,000 can be offered.*Split"):
        read_prompts("a.txt", content + b"\none")


def test_a_dashboard_may_take_fewer():
    assert read_prompts("a.txt", b"one\ntwo", 2) == ("one", "two")
    with pytest.raises(PromptError, match="It has 3 prompts, and 2 can be offered"):
        read_prompts("a.txt", b"one\ntwo\nthree", 2)
