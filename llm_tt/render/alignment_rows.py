"""Two rows of tokens over common columns, as the browser draws them."""

from collections.abc import Sequence
from typing import Final

from llm_tt.comparison.alignment import Alignment, Pair, Side
from llm_tt.model.prompt import Prompt
from llm_tt.render.flow_payload import visible_tokens

HINT: Final = "Click a token and then its partner to align them otherwise."


def alignment_rows(
    alignment: Alignment,
    prompts: tuple[Prompt, Prompt],
    names: tuple[str, str],
    pairs: Sequence[Pair],
    target: Pair,
) -> dict[str, object]:
    """Plain values; `pairs` are a person's corrections, `target` is the column of what is explained."""
    tokens = [visible_tokens(prompt) for prompt in prompts]

    def cell(column: Pair, side: Side) -> dict[str, object] | None:
        position = column[side]
        return None if position is None else {"text": tokens[side][position], "position": position}

    columns = []
    for column in alignment.columns:
        both = cell(column, 0), cell(column, 1)
        columns.append(
            {
                "sides": both,
                "differs": both[0] is None or both[1] is None or both[0]["text"] != both[1]["text"],
                "isCorrected": column in pairs,
                "isTarget": column == target,
            }
        )
    return {"names": names, "columns": columns, "hint": HINT}


def alignment_in_words(alignment: Alignment, prompts: tuple[Prompt, Prompt]) -> str:
    """How many columns, and how many of them differ."""
    tokens = [prompt.token_strings for prompt in prompts]
    alone = sum(None in column for column in alignment.columns)
    other = sum(
        first is not None and second is not None and tokens[0][first] != tokens[1][second]
        for first, second in alignment.columns
    )
    way = "by position" if alignment.is_by_position else "by tokens"
    said = [f"{len(alignment)} columns, aligned {way}", f"{other} with two tokens"]
    if alone:
        said.append(f"{alone} of one prompt alone")
    return ", ".join(said)
