"""Settings files that are wrong in every way; each is a sentence, and none makes the program wait."""

from pathlib import Path

import pytest
from hypothesis import given, strategies

from llm_tt.errors import SettingsError
from llm_tt.settings import AppSettings, load_settings
from tests.hostile.answers import NO_FILES, acts_on_a_terminal, answered, often, refused

LOCAL = (Path(__file__).parents[2] / "config" / "local.toml").read_text(encoding="utf-8")
MODEL = "\n[[models]]\nname = "


def changed(before: str, after: str) -> str:
    assert before in LOCAL
    return LOCAL.replace(before, after, 1)


WRONG = {
    "infinite memory": changed("memory_gigabytes = 0.0", "memory_gigabytes = inf"),
    "memory that is no number": changed("memory_gigabytes = 0.0", "memory_gigabytes = nan"),
    "memory beyond all numbers": changed("memory_gigabytes = 0.0", "memory_gigabytes = 1e999"),
    "memory of 400 digits": changed("memory_gigabytes = 0.0", f"memory_gigabytes = {'9' * 400}"),
    "a limit of 400 digits": changed("prompt_tokens = 2048", f"prompt_tokens = {'9' * 400}"),
    "a limit of 5,000 digits": changed("prompt_tokens = 2048", f"prompt_tokens = {'9' * 5000}"),
    "a date for a name": changed('default_model = "small-world"', "default_model = 2026-01-01"),
    "a list for a name": changed('default_model = "small-world"', 'default_model = ["small-world"]'),
    "a name of a megabyte": changed('default_model = "small-world"', f'default_model = "{"a" * 10**6}"'),
    "a key of a megabyte": f"{LOCAL}\n{'k' * 10**6} = 1",
    "a key that colours the terminal": f'{LOCAL}\n"\\u001b[31mred" = 1',
    "a key of 20,000 dots": f"{'.'.join('a' * 20_000)} = 1",
    "endless brackets": f"{LOCAL}\nx = {'[' * 100_000}",
    "endless tables": f"{LOCAL}\nx = {'{a=' * 3_000}",
    "the same key twice": f'default_model = "untrained"\n{LOCAL}',
    "two models of one name": f'{LOCAL}{MODEL}"small-world"\nsource = "/etc"\n',
    "a model without a name": f'{LOCAL}{MODEL}""\n',
    "a device that colours the terminal": f'{LOCAL}{MODEL}"x"\ndevice = "\\u001b[31m"\n',
    "a device of 30 digits": f'{LOCAL}{MODEL}"x"\ndevice = "cuda:{"9" * 30}"\n',
    "models that are texts": 'models = ["a", "b"]\n' + LOCAL.partition("[[models]]")[0],
    "models that are one table": LOCAL.partition("[[models]]")[0] + '[models]\nname = "x"\n',
    "1 for true": changed("local_folders = true", "local_folders = 1"),
    "zero bytes": f"{LOCAL}\0",
    "half of a character": f"{LOCAL}\nx = '\ud800'",
    "bytes of an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "another encoding": LOCAL.encode("utf-16"),
    "nothing": "",
    "50 megabytes of comments": LOCAL + "# " + "x" * 50_000_000,
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(tmp_path, content):
    path = tmp_path / "settings.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    error = refused(lambda: load_settings(path), SettingsError)
    assert len(error.found) < 500, "a message repeats little of what was given"


@pytest.mark.parametrize("kind", [*NO_FILES, "link to nowhere", "/proc/self/mem"])
def test_what_is_no_file_is_not_waited_for(tmp_path, stand_in, kind):
    path = stand_in(kind, tmp_path / "settings.toml")
    refused(lambda: load_settings(path), SettingsError)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5_000], ids=["zero byte", "half", "long"])
def test_what_is_no_name_is_said(tmp_path, name):
    refused(lambda: load_settings(tmp_path / name), SettingsError)


_values = strategies.recursive(
    strategies.one_of(
        strategies.integers(),
        strategies.floats(),
        strategies.booleans(),
        strategies.text(strategies.characters(codec="ascii", exclude_characters="\x7f"), max_size=8),
    ),
    lambda inner: strategies.lists(inner, max_size=3),
    max_leaves=5,
)


def written(value: object) -> str:
    """As TOML spells it."""
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(letter):04x}" for letter in value) + '"'
    return str(value)


@often
@given(line=strategies.sampled_from([*range(len(LOCAL.splitlines()))]), value=_values)
def test_whatever_stands_behind_a_key_there_are_settings_or_a_sentence(tmp_path_factory, line, value):
    lines = LOCAL.splitlines()
    key, sign, _ = lines[line].partition(" = ")
    lines[line] = f"{key}{sign}{written(value)}" if sign else written(value)
    path = tmp_path_factory.getbasetemp() / "changed.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = answered(lambda: load_settings(path))
    if isinstance(found, AppSettings):
        assert found.limits.memory_bytes is None or found.limits.memory_bytes > 0


def test_what_a_message_repeats_is_one_thing_and_acting_another(tmp_path):
    """The text is as it was; printing it makes it visible."""
    path = tmp_path / "settings.toml"
    path.write_text(WRONG["a key that colours the terminal"])
    assert acts_on_a_terminal(refused(lambda: load_settings(path)).found)
