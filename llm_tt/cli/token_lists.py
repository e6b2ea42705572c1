"""Lists of tokens that several commands show: a prediction, as a table and as JSON."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from llm_tt.render.number_words import percent_text, plain_text, signed_text
from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.lens.promotion import TokenChanges
    from llm_tt.lens.token_ranking import TokenRanking


def ranking_json(ranking: "TokenRanking") -> list[dict[str, object]]:
    """Rank, token, id, probability and logit, best first."""
    columns = (ranking.token_strings, ranking.token_ids, ranking.probabilities, ranking.logits)
    return [
        {"rank": rank, "token": token, "id": token_id, "probability": probability, "logit": logit}
        for rank, (token, token_id, probability, logit) in enumerate(zip(*columns, strict=True), start=1)
    ]


def ranking_table(ranking: "TokenRanking", title: str) -> Table:
    """One row a token, best first."""
    table = Table("rank", "token", "probability", "logit", "id", title=Text(title))
    columns = (ranking.token_strings, ranking.token_ids, ranking.probabilities, ranking.logits)
    for rank, (token, token_id, probability, logit) in enumerate(zip(*columns, strict=True), start=1):
        table.add_row(
            str(rank),
            Text(visible_token(token)),
            percent_text(probability, 2),
            plain_text(logit),
            str(token_id),
        )
    return table


def changes_json(changes: "TokenChanges") -> list[dict[str, object]]:
    """Token, id and change of its logit, strongest first."""
    columns = (changes.token_strings, changes.token_ids, changes.changes)
    return [
        {"token": token, "id": token_id, "change": change}
        for token, token_id, change in zip(*columns, strict=True)
    ]


def changes_table(promoted: "TokenChanges", suppressed: "TokenChanges", title: str) -> Table:
    """What is made likelier beside what is made less likely."""
    table = Table("promotes", "logit", "suppresses", "logit", title=Text(title))
    sides = [
        [
            (visible_token(token), signed_text(change, 3))
            for token, change in zip(side.token_strings, side.changes, strict=True)
        ]
        for side in (promoted, suppressed)
    ]
    for up, down in zip(*sides, strict=True):
        table.add_row(*map(Text, (*up, *down)))
    return table
