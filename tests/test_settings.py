"""Settings: what we ship loads, and a mistake is named."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from llm_tt.errors import NotAllowedError, SettingsError
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import (
    SETTINGS_VARIABLE,
    AppSettings,
    OfferedModel,
    bundled,
    load_examples,
    load_settings,
)

CONFIG = Path(__file__).parents[1] / "config"
LOCAL = (CONFIG / "local.toml").read_text(encoding="utf-8")


@pytest.fixture
def settings_from(tmp_path):
    def load(text: str) -> AppSettings:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load


def test_every_file_in_config_loads():
    files = {path.name for path in CONFIG.glob("*.toml")}
    assert files == {"local.toml", "hosted.toml", "examples.toml"}
    for name in files - {"examples.toml"}:
        assert isinstance(load_settings(CONFIG / name), AppSettings)
    assert all(example.label and example.prompt for example in load_examples())


def test_hosted_keeps_its_promises():
    hosted = load_settings(CONFIG / "hosted.toml")
    assert not hosted.access.local_folders
    assert not hosted.access.hub_names
    assert not hosted.access.notes_on_disk
    assert not hosted.show_error_details
    assert hosted.limits.memory_bytes
    assert not hosted.access.precision
    for source in ("/etc", ".", "gpt2", "untrained-gpt2-small"):
        with pytest.raises(NotAllowedError, match="Choose one of: small-world, untrained") as caught:
            hosted.spec_of(source)
        assert caught.value.found == "This dashboard opens only the models on its list."


def test_local_opens_anything():
    local = load_settings(CONFIG / "local.toml")
    assert local.limits.memory_bytes is None
    for source in ("./folder", "someone/model", "untrained"):
        assert local.spec_of(source) == ModelSpec(source)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("[access]", "[acess]", r"unknown key acess\. Did you mean access\?"),
        (
            "prompt_tokens",
            "promt_tokens",
            r"unknown key limits\.promt_tokens\. Did you mean limits\.prompt_tokens\?",
        ),
        ("note =", "nott =", r"unknown key models\.nott\. Did you mean models\.note\?"),
        ("hub_names = true", "hub_names = 1", r"access\.hub_names must be true or false, and is 1"),
        ("prompt_tokens = 2048", "prompt_tokens = true", "must be a whole number, and is True"),
        ("prompt_tokens = 2048", "prompt_tokens = 0", r"limits\.prompt_tokens must be at least 1"),
        ("memory_gigabytes = 0.0", "memory_gigabytes = -1", "must not be negative"),
        ('default_model = "small-world"', 'default_model = "smallworld"', "Did you mean 'small-world'"),
        ('default_model = "small-world"', "", "default_model is missing"),
        ("[limits]", "[[limits]]", "limits must be a table"),
        (
            'name = "untrained"',
            'name = "untrained"\ndtype = "int4"',
            r"models\.untrained: dtype must be one of",
        ),
        ("[access]", "[access", "Read the settings"),
    ],
)
def test_a_mistake_is_named(settings_from, right, wrong, message):
    assert right in LOCAL
    with pytest.raises(SettingsError, match=message):
        settings_from(LOCAL.replace(right, wrong, 1))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "nothing.toml")


def test_the_environment_chooses_the_file(monkeypatch):
    assert load_settings().access.hub_names
    monkeypatch.setenv(SETTINGS_VARIABLE, str(CONFIG / "hosted.toml"))
    assert not load_settings().access.hub_names


def test_whole_numbers_are_numbers(settings_from):
    assert (
        settings_from(LOCAL.replace("memory_gigabytes = 0.0", "memory_gigabytes = 3")).limits.memory_bytes
        == 3 * 2**30
    )


def test_what_lies_beside_the_package_is_found():
    assert tomllib.loads(bundled("config/local.toml").read_text(encoding="utf-8"))
    assert bundled("app.py").name == "app.py"


def test_a_model_is_opened_from_its_source_under_its_name(settings_from):
    text = LOCAL.replace(
        'name = "untrained"\n', 'name = "untrained"\nsource = "/srv/models/x"\ndtype = "bfloat16"\n', 1
    )
    assert settings_from(text).spec_of("untrained") == ModelSpec("/srv/models/x", dtype="bfloat16")


def test_where_a_folder_is_stays_with_those_who_may_open_it():
    hosted, local = (load_settings(CONFIG / f"{name}.toml") for name in ("hosted", "local"))
    spec = OfferedModel("ours", source="/srv/models/ours").spec
    offering = replace(hosted, models=(*hosted.models, OfferedModel("ours", source="/srv/models/ours")))
    assert offering.told_source(spec) == "ours"
    assert hosted.told_source(spec) == "a folder"
    assert local.told_source(spec) == "/srv/models/ours"
    for told in ("small-world", "owner/model"):
        assert hosted.told_source(ModelSpec(told)) == told
