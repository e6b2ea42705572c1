"""Files of prompts in every form that is read, and lines that are no prompts."""

import io
import json

import pytest

from llm_tt.batch.entries import LONGEST_LINE, BadEntry, Entry, read_entries
from llm_tt.errors import PromptError


def read(name, content):
    return list(read_entries(name, content if isinstance(content, bytes) else content.encode()))


def test_text_has_one_prompt_a_line():
    assert read("a.txt", "\ufeffone\r\n\n  \n two \rthree") == [
        Entry(1, "one"),
        Entry(4, " two "),
        Entry(5, "three"),
    ]


def test_json_lines_have_fields():
    line = {"prompt": "p", "answer": " a", "foil": " f", "corrupted": "c", "group": "g", "subject": "s"}
    assert read("a.jsonl", json.dumps(line)) == [Entry(1, "p", " a", " f", "c", "g", "s")]
    assert read("a.NDJSON", '"only text"\n{"prompt": "q", "more": 3, "answer": null}') == [
        Entry(1, "only text"),
        Entry(2, "q"),
    ]


def test_an_answer_may_be_a_token_s_number_or_several():
    assert read("a.jsonl", '{"prompt": "p", "answer": 7, "accepted": [8, " x"]}') == [
        Entry(1, "p", 7, accepted=(7, 8, " x"))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{nothing",
        "[1, 2]",
        "3",
        "null",
        "{}",
        '{"prompt": ""}',
        '{"prompt": 3}',
        '{"prompt": "p", "group": ["g"]}',
        '{"prompt": "p", "answer": 1.5}',
        '{"prompt": "p", "answer": true}',
        '{"prompt": "p", "foil": {"a": 1}}',
        '{"prompt": "\\ud800"}',
        '{"prompt": "p", "answer": "\\udfff"}',
        "[" * 100_000,
        '{"prompt": "' + "a" * (LONGEST_LINE + 1) + '"}',
    ],
)
def test_a_bad_line_is_told_and_no_end(line):
    first, bad, last = read("a.jsonl", f'{{"prompt": "p"}}\n{line}\n{{"prompt": "q"}}')
    assert (first, last) == (Entry(1, "p"), Entry(3, "q"))
    assert isinstance(bad, BadEntry)
    assert bad.number == 2
    assert bad.reason.endswith(".")


def test_bytes_that_are_no_text_spoil_their_own_line_alone():
    assert read("a.txt", b"one\ntw\xff\nthree") == [
        Entry(1, "one"),
        BadEntry(2, "It is not in UTF-8."),
        Entry(3, "three"),
    ]


def test_tables_have_our_columns_or_those_of_eap_ig():
    assert read("a.csv", 'prompt,answer,group\n"one, two", a,g\nthree,,\n') == [
        Entry(2, "one, two", " a", group="g"),
        Entry(3, "three"),
    ]
    ioi = "clean,corrupted,corrupted_hard,correct_idx,incorrect_idx\nc,d,e,12,13\n"
    assert read("ioi.csv", ioi) == [Entry(2, "c", 12, 13, "d")]
    assert read("greater.csv", "clean,corrupted,label\nFrom 1732 to 17,From 1701 to 17,32\n") == [
        Entry(2, "From 1732 to 17", corrupted="From 1701 to 17")
    ]


def test_bad_lines_of_a_table_have_their_number():
    found = read("a.csv", 'prompt,answer\na,b,c\n"x\ny",z\n"open')
    assert [entry.number for entry in found] == [2, 4, 5]
    assert [type(entry) for entry in found] == [BadEntry, Entry, BadEntry]


def test_auto_circuit_s_tasks():
    one = {"clean": "c", "corrupt": "d", "answers": [" a", " b"], "wrong_answers": [" w"]}
    assert read("a.json", json.dumps({"prompts": [one, 3], "word_idxs": {}})) == [
        Entry(1, "c", " a", " w", "d", accepted=(" a", " b")),
        BadEntry(2, "It is no object with a field prompt."),
    ]
    assert read("a.json", '["p", {"prompt": "q"}]') == [Entry(1, "p"), Entry(2, "q")]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", "", "no columns"),
        ("a.csv", "text\nx\n", "'text'"),
        ("a.json", "{", "no JSON"),
        ("a.json", "{}", "no list"),
        ("a.json", "3", "no list"),
        ("a.json", "[" * 100_000, "no JSON"),
    ],
)
def test_a_file_that_is_none_is_refused(name, content, found):
    with pytest.raises(PromptError, match=found):
        read(name, content)


def test_a_file_is_read_as_it_is_asked_for_and_stays_open():
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            piece = super().read(size)
            self.taken += len(piece)
            return piece

    file = Counted(b"prompt\n" * 200_000)
    entries = read_entries("a.txt", file)
    assert next(entries) == Entry(1, "prompt")
    assert file.taken < 100_000
    assert sum(1 for _ in entries) == 199_999
    assert not file.closed
