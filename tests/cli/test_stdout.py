"""What goes to standard output."""

import io
import json
import math
import sys

import pytest
from rich.table import Table
from rich.text import Text

from llm_tt.cli.stdout import checked_stdout, print_all, print_json, write_bytes


def test_json_has_null_for_what_it_cannot_say_and_keeps_letters(capsys):
    print_json({"a": math.nan, "b": [math.inf, 1.5, "é"], "c": (1, None), "d": True})
    written = capsys.readouterr().out
    assert json.loads(written) == {"a": None, "b": [None, 1.5, "é"], "c": [1, None], "d": True}
    assert "é" in written
    assert len(written.splitlines()) > 1
    print_json({"a": [1, 2]}, one_line=True)
    assert capsys.readouterr().out == '{"a": [1, 2]}\n'


def test_a_table_in_a_file_is_wide(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    table = Table("x")
    table.add_row("word " * 25)
    print_all([table])
    assert "word " * 24 in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "50")
    print_all([table])
    assert "word " * 24 not in capsys.readouterr().out


def test_lines_are_not_broken_and_not_read_as_markup(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    line = "[bold]x[/bold] " * 10
    print_all([line, Text(line)])
    assert capsys.readouterr().out == f"{line}\n{line}\n"


def test_text_and_bytes_keep_their_order(capfdbinary):
    with checked_stdout():
        sys.stdout.write("text, ")
        write_bytes(b"bytes\xff")
        sys.stdout.write(", text\n")
    assert capfdbinary.readouterr().out == b"text, bytes\xff, text\n"


def test_what_an_encoding_has_not_is_spelled_out(capfdbinary, monkeypatch):
    plain = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", plain)
    with checked_stdout():
        sys.stdout.write("·Mary")
    assert capfdbinary.readouterr().out == b"\\xb7Mary"


def test_json_stays_json_where_letters_are_missing(capfdbinary, monkeypatch):
    plain = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", plain)
    with checked_stdout():
        print_json({"token": "é😀"})
    assert json.loads(capfdbinary.readouterr().out) == {"token": "é😀"}


def test_stdout_is_given_back_also_after_an_error(capfd):
    before = sys.stdout
    with pytest.raises(ValueError, match="x"), checked_stdout():
        assert sys.stdout is not before
        sys.stdout.write("written")
        raise ValueError("x")  # noqa: EM101
    assert sys.stdout is before
    assert capfd.readouterr().out == "written"


def test_nothing_in_a_table_or_a_line_acts_on_a_terminal(capsys):
    table = Table("\x1b[31mhead", title=Text("\x9btitle"))
    table.add_row(Text("\x1b]0;cell"), end_section=True)
    table.add_row("\u202ecell")
    print_all([table, Text("\x1b[2Jline", style="bold")])
    written = capsys.readouterr().out
    assert all(letter.isprintable() or letter == "\n" for letter in written)
    for shown in (
        "<U+001B>[31mhead",
        "<U+009B>title",
        "<U+001B>]0;cell",
        "<U+202E>cell",
        "<U+001B>[2Jline",
    ):
        assert shown in written.replace("\n", "")


def test_json_spells_what_would_act(capsys):
    content = {"token": "\x1b\x9b\u202e\x7f é"}
    print_json(content)
    written = capsys.readouterr().out
    assert all(letter.isprintable() or letter == "\n" for letter in written)
    assert json.loads(written) == content
