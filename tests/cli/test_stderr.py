"""What goes to standard error."""

import io
import sys

from llm_tt.cli.stderr import print_error, working
from llm_tt.errors import ModelNotFoundError


class Terminal(io.StringIO):
    """A person looks at it."""

    def isatty(self) -> bool:  # noqa: D102 (as of any stream)
        return True


def test_markup_in_a_name_is_only_text(capsys):
    print_error(ModelNotFoundError(asked="Open [red]x[/red].", found="[/]", remedy="[bold]"))
    assert capsys.readouterr().err == "Open [red]x[/red].\n[/]\n[bold]\n"


def test_what_is_being_done_is_shown_on_a_terminal_alone(monkeypatch):
    for stream, is_shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("FORCE_COLOR", "1")  # colours may be wanted in a file; what moves is not
        with working("opening") as update:
            update("reading [x]")
        assert ("reading [x]" in stream.getvalue()) == is_shown
        assert bool(stream.getvalue()) == is_shown
