"""The command line: wrong, endless and harmful arguments. One sentence on stderr, nothing on stdout."""

import subprocess

import pytest

from llm_tt.errors import LlmTtError
from tests.cli.running import as_a_person, run
from tests.hostile.answers import acts_on_a_terminal, check_sentences, timed

pytestmark = pytest.mark.usefixtures("opened_once")

PROMPT = "When Mary and John"
RED = "\x1b[31m"
MANY_DIGITS = "9" * 30


def said_by(*arguments, input=None):
    """What a command that fails says."""
    with timed():
        result = run(*map(str, arguments), input=input)
    if isinstance(result.exception, LlmTtError):
        check_sentences(result.exception)
        return str(result.exception)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert not acts_on_a_terminal(result.stderr)
    assert len(result.stderr) < 5_000
    return result.stderr


OPTIONS = {
    "no number of tokens": ["tokens", "small-world", PROMPT, "--top", "0"],
    "a small two": ["tokens", "small-world", PROMPT, "--top", "²"],
    "a position of 30 digits": ["tokens", "small-world", PROMPT, "--position", MANY_DIGITS],
    "a position of 5,000 digits": ["tokens", "small-world", PROMPT, "--position", "9" * 5_000],
    "a position far in front": ["tokens", "small-world", PROMPT, f"--position=-{MANY_DIGITS}"],
    "a part of 100,000 letters": ["tokens", "small-world", PROMPT, "--part", "L" * 100_000],
    "half of a character": ["tokens", "small-world", PROMPT, "--part", "\ud800"],
    "layers from behind": ["anatomy", "small-world", PROMPT, "--layers", "3-1"],
    "10,000 layers": ["anatomy", "small-world", PROMPT, "--layers", "0-9999"],
    "a measure that is a page": ["anatomy", "small-world", PROMPT, "--by", "<script>"],
    "a density that is no number": ["graph", "small-world", PROMPT, "--density", "nan"],
    "a density without end": ["graph", "small-world", PROMPT, "--density", "inf"],
    "a density of minus nothing": ["graph", "small-world", PROMPT, "--density", "-0.0"],
    "a threshold that is no number": ["graph", "small-world", PROMPT, "--threshold", "nan"],
    "a target of 100,000 letters": [
        "graph", "small-world", PROMPT, "--method", "relp", "--target", "x" * 100_000,
    ],
    "a target that is half": ["graph", "small-world", PROMPT, "--method", "relp", "--target", "\udc80"],
    "a target that colours": ["graph", "small-world", PROMPT, "--method", "relp", "--target", RED],
    "a format that is a program": ["graph", "small-world", PROMPT, "-o", "-", "--format", "exe"],
    "201 edits": ["edit", "small-world", PROMPT, *["--edit", "L0H0"] * 201],
    "10,000 edits in one": ["edit", "small-world", PROMPT, "--edit", ";".join(["ablate:L0H0"] * 10_000)],
    "an edit beyond all numbers": ["edit", "small-world", PROMPT, "--edit", "L0N0=1e999"],
    "a temperature that is none": ["generate", "small-world", PROMPT, "--temperature", "nan"],
    "a temperature below all": ["generate", "small-world", PROMPT, "--temperature", "1e-320"],
    "a share that is none": ["generate", "small-world", PROMPT, "--top-p", "nan"],
    "a seed of 30 digits": ["generate", "small-world", PROMPT, "--temperature", "1", "--seed", MANY_DIGITS],
    "a device of 30 digits": ["check", "small-world", "--device", f"cuda:{MANY_DIGITS}"],
    "a device that is a small two": ["check", "small-world", "--device", "cuda:²"],
    "a side that is none": ["search", "small-world", "x", "--side", RED],
    "an option that is none": ["graph", f"--{RED}"],
    "a command that is none": [f"{RED}graph"],
    "a command line of a shell": ["--help; rm -rf /"],
    "a thousand arguments": ["tokens", "small-world", PROMPT, *["x"] * 1_000],
    "workers without a cluster": ["batch", "README.md", "--workers", "3"],
}  # fmt: skip


@pytest.mark.parametrize("arguments", OPTIONS.values(), ids=OPTIONS)
def test_a_value_that_cannot_be(arguments):
    said_by(*arguments)


@pytest.mark.parametrize(
    "name", ["a\0b", "\ud800", "x" * 5_000, "/dev/zero"], ids=lambda name: ascii(name)[:9]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["tokens", "small-world", "--file"],
        ["edit", "small-world", PROMPT, "--edits"],
        ["models", "--settings"],
        ["app", "--settings"],
        ["summarize"],
        ["batch"],
        ["tokens", "small-world", PROMPT, "--part", "L2H1", "--edits"],
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-1:]),
)
def test_a_file_that_is_none(arguments, name):
    said_by(*arguments, name)


@pytest.mark.parametrize(
    "place", ["a\0.html", "\ud800.html", "x" * 300 + ".html", "/dev/null/x.html", "x.exe", "x", "~no/x.html"],
    ids=lambda place: ascii(place)[:12],
)  # fmt: skip
def test_a_place_that_is_none(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    said_by("graph", "small-world", PROMPT, "-o", place)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["folder", "link to itself"])
def test_a_place_where_something_else_stands(tmp_path, stand_in, kind):
    """A link that leads to itself is replaced by the file; what a folder holds is not."""
    place = stand_in(kind, tmp_path / "out.json")
    if kind == "folder":
        said_by("graph", "small-world", PROMPT, "-o", place)
        assert place.is_dir()
    else:
        with timed():
            assert run("graph", "small-world", PROMPT, "-o", str(place)).exit_code in (0, 1)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"", b"a b " * 2_500_000, b"a" * 10**6],
    ids=["bytes", "nothing", "10 MB", "1 MB"],
)
@pytest.mark.parametrize("arguments", [["-"], ["--file", "-"]], ids=" ".join)
def test_standard_input_that_is_no_prompt(arguments, content):
    said_by("tokens", "small-world", *arguments, input=content)


SHOWN = {
    "a prompt": ["tokens", "small-world", f"When {RED}Mary\x9b"],
    "two prompts": ["tokens", "small-world", "--file", "two.txt"],
    "a target": ["graph", "small-world", PROMPT, "--method", "relp", "--target", "\x1b"],
    "a search": ["search", "small-world", f"{RED}\u202e"],
    "an edit": ["edit", "small-world", PROMPT, "--edit", "steer:0:1:t=%1B"],
}


@pytest.mark.parametrize("arguments", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("as_json", [False, True], ids=["table", "json"])
def test_nothing_that_is_printed_acts_on_the_terminal(tmp_path, monkeypatch, arguments, as_json):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.txt").write_text(f"{RED}red\na\x9bb\u202e\n")
    with timed():
        result = run(*arguments, *(["--json"] if as_json else []))
    assert result.exit_code == 0, result.exception
    assert not acts_on_a_terminal(result.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["models", "--settings", "/dev/zero"],
        ["tokens", "small-world", "x", "--top", RED],
        ["summarize", f"{RED}/\u202enothing"],
    ],
    ids=["settings", "number", "place"],
)
def test_a_person_reads_a_sentence_and_no_traceback(arguments):
    """In a process of its own, as the program ends there."""
    done = as_a_person(*arguments)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not acts_on_a_terminal(done.stderr)


def test_a_pipe_that_nobody_writes_into_is_not_waited_for(tmp_path, stand_in):
    pipe = stand_in("pipe", tmp_path / "prompts.txt")
    try:
        done = as_a_person("batch", str(pipe), "-o", str(tmp_path / "runs"))
    except subprocess.TimeoutExpired:
        pytest.fail("It waited.")
    assert "a device or a pipe" in done.stderr
