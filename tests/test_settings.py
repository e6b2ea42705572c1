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
    assert hosted.limits.runs_at_once == 1
    assert hosted.limits.visits
    assert hosted.caches.models >= len(hosted.models)  # else two visitors would open and close them in turns
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
        ("runs_at_once = 2", "runs_at_once = 0", r"limits\.runs_at_once must be at least 1"),
        ("prompts = 10000", "prompts = 0", r"limits\.prompts must be at least 1"),
        ("visits = 0", "visits = -1", r"limits\.visits must not be negative"),
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


def test_of_a_folder_of_the_server_visitors_hear_the_menus_name():
    hosted, local = (load_settings(CONFIG / f"{name}.toml") for name in ("hosted", "local"))
    folder, own = (
        OfferedModel("Our model", source="/srv/models/ours"),
        OfferedModel("gpt2", source="owner/gpt2"),
    )
    spec = replace(hosted, models=(folder, own)).spec_of("Our model")
    assert (spec.source, spec.place) == ("Our model", "/srv/models/ours")
    assert spec.opened == ModelSpec("/srv/models/ours")
    assert replace(hosted, models=(folder, own)).spec_of("gpt2") == ModelSpec("owner/gpt2")
    assert replace(local, models=(folder, own)).spec_of("Our model") == ModelSpec("/srv/models/ours")
    with pytest.raises(NotAllowedError):
        replace(hosted, models=(folder, own)).spec_of("/srv/models/ours")


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://models.example.org", True),
        ("http://localhost:8080/a/llm-tt", True),
        ("models.example.org", False),
        ("https://models.example.org/", False),
        ("https://models.example.org/a b", False),
        ("https://models.example.org --x", False),
        ("ftp://models.example.org", False),
        ("https://models.example.org:443", True),
        ("https://models.example.org:70000", False),
        ("https://models.example.org:0", False),
    ],
)
def test_the_public_address_is_one(settings_from, address, is_good):
    text = f'public_address = "{address}"\n{LOCAL}'
    if is_good:
        assert settings_from(text).public_address == address
    else:
        with pytest.raises(SettingsError, match=r"Write it like https://models\.example\.org/llm-tt"):
            settings_from(text)
