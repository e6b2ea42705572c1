"""What cases of bad input share: opened models, a guarded place for files, and the table of answer times."""

import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import llm_tt
from llm_tt.model import loading
from tests.hostile.answers import TIMES
from tests.hostile.table import summary


def pytest_terminal_summary(terminalreporter) -> None:
    """How many cases there were, and which took longest."""
    if TIMES:
        terminalreporter.write_line(summary(TIMES))


@pytest.fixture(scope="session")
def world() -> llm_tt.LanguageModel:
    """The embedded model, warm: its first run compiles."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, "When Mary and John")
    llm_tt.build_graph(llm_tt.attribute(model, trace, "relp"))
    llm_tt.run_with_edits(model, "When Mary and John", [llm_tt.Ablate.head(0, 0)])
    return model


@pytest.fixture
def opened_once(world, monkeypatch) -> None:
    """Commands get the opened model."""

    def load(source, *more):
        return world if source == "small-world" else llm_tt.load_model(source, *more)

    monkeypatch.setattr(loading, "load_model", load)


class _Marker:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self._path),))


@pytest.fixture
def harmful_pickle(tmp_path_factory) -> Iterator[bytes]:
    """A pickle that would leave a trace; at the end there is none."""
    place = tmp_path_factory.mktemp("unpickled") / "marker"
    yield pickle.dumps(_Marker(place))
    assert not place.exists(), "a pickle was read"


@pytest.fixture
def precious(tmp_path_factory) -> Iterator[Path]:
    """Somebody else's file, which is the same at the end and has no new neighbours."""
    place = tmp_path_factory.mktemp("elsewhere") / "precious.txt"
    place.write_text("precious\n" * 1000)
    yield place
    assert place.read_text() == "precious\n" * 1000
    assert [path.name for path in place.parent.iterdir()] == ["precious.txt"]


@pytest.fixture
def stand_in() -> Callable[[str, Path], Path]:
    """Put something that is no file where one is meant."""

    def put(kind: str, path: Path) -> Path:
        path.unlink(missing_ok=True)
        match kind:
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
            case "link to itself":
                path.symlink_to(path)
            case "link to nowhere":
                path.symlink_to(path.parent / "nowhere")
            case device:
                path.symlink_to(device)
        return path

    return put
