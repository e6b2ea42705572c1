"""Lists of tokens as tables and as JSON."""

from rich.console import Console

from llm_tt.cli.token_lists import changes_json, changes_table, ranking_json, ranking_table
from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_ranking import TokenRanking

RANKING = TokenRanking((5, 7), (" [b]", "\n"), (2.5, -1.0), (0.75, 0.25))
UP, DOWN = TokenChanges((5,), (" up",), (1.5,)), TokenChanges((7,), (" down",), (-2.5,))


def printed(table) -> str:
    console = Console(width=100)
    with console.capture() as caught:
        console.print(table)
    return caught.get()


def test_a_ranking():
    assert ranking_json(RANKING) == [
        {"rank": 1, "token": " [b]", "id": 5, "probability": 0.75, "logit": 2.5},
        {"rank": 2, "token": "\n", "id": 7, "probability": 0.25, "logit": -1.0},
    ]
    shown = printed(ranking_table(RANKING, "[x]"))
    assert all(word in shown for word in ("[x]", "·[b]", "⏎", "75.00 %", "−1.00"))


def test_changes():
    assert changes_json(UP) == [{"token": " up", "id": 5, "change": 1.5}]
    shown = printed(changes_table(UP, DOWN, "x")).splitlines()
    row = next(line for line in shown if "·up" in line)
    assert row.index("·up") < row.index("+1.500") < row.index("·down") < row.index("−2.500")
