"""How the command ends: its exit code, and what it says when something stood in the way.

0    done
1    an error that is explained on stderr, or a check that failed
2    wrong usage
130  stopped by Ctrl-C
141  the reader of standard output has gone (stdout.py)
"""

import sys
from collections.abc import Callable
from typing import Final

from llm_tt.cli.stderr import print_error
from llm_tt.cli.stdout import checked_stdout
from llm_tt.errors import LlmTtError

STOPPED: Final = 130
"""What a shell reports of a command that Ctrl-C ended: 128 and the signal's number."""


def end_in_order(command: Callable[[], object]) -> None:
    """Run it; an error of ours is three lines on stderr and exit code 1."""
    try:
        with checked_stdout():
            command()
    except LlmTtError as error:
        print_error(error)
        sys.exit(1)
    except KeyboardInterrupt:  # where the command does not run yet, or not any more
        sys.exit(STOPPED)
