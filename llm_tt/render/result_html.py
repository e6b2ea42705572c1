"""Rankings and measurements as small tables with bars, for notebooks; colours follow those around them."""

from collections.abc import Sequence
from html import escape
from typing import Final

from llm_tt.faithfulness.check import Faithfulness
from llm_tt.lens.token_ranking import TokenRanking
from llm_tt.render.number_words import percent_text, plain_text
from llm_tt.render.visible_text import visible_token

_BAR_WIDTH: Final = 160
"""Pixels."""

_CELL: Final = "padding:2px 14px 2px 0;border:0;background:none;font-variant-numeric:tabular-nums"
_BAR: Final = (
    f"display:block;width:{_BAR_WIDTH}px;height:8px;border-radius:4px;overflow:hidden;"
    "background:rgba(128,128,128,.22)"
)
_FILL: Final = "display:block;height:100%;background:#3b7dbb"


def ranking_html(ranking: TokenRanking) -> str:
    """One row a token: its rank, itself, a bar as long as its probability, and the logit."""
    rows = [
        (
            str(place),
            f"<code>{escape(visible_token(token))}</code>",
            _bar(probability),
            percent_text(probability, 2),
            plain_text(logit),
        )
        for place, (token, probability, logit) in enumerate(
            zip(ranking.token_strings, ranking.probabilities, ranking.logits, strict=True), 1
        )
    ]
    aligned = ("right", "left", "left", "right", "right")
    return _table(aligned, ("", "token", "", "probability", "logit"), rows)


def faithfulness_html(card: Faithfulness) -> str:
    """What the graph keeps, and what is left without it, each beside random edges of equal number."""
    rows = [
        ("only these edges", *_kept(card.retained), _share(card.random_retained)),
        ("all but these edges", *_kept(card.complement.retained), _share(card.random_complement)),
    ]
    same = "stays on top" if card.same_top_token else "is not on top any more"
    words = (
        f"{card.n_edges:,} edges, {percent_text(card.density, 2)} of all. With only these, the model's own "
        f"token {same}; the prediction diverges by {card.kl:.2f} nats."
    )
    aligned = ("left", "left", "right", "right")
    table = _table(aligned, ("the model keeps", "", "of the target", "as many random edges"), rows)
    return f"{table}<p style='margin:4px 0 0;max-width:60em'>{escape(words)}</p>"


def _kept(share: float | None) -> tuple[str, str]:
    return "" if share is None else _bar(share), _share(share)


def _share(share: float | None) -> str:
    return "nothing to keep" if share is None else percent_text(share)


def _bar(share: float) -> str:
    width = 100 * min(max(share, 0.0), 1.0)
    return f"<span style='{_BAR}'><span style='{_FILL};width:{width:.1f}%'></span></span>"


def _table(aligned: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML; `aligned` says where they stand, column by column."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag} style='{_CELL};text-align:{where}'>{cell}</{tag}>"
            for where, cell in zip(aligned, row, strict=True)
        )

    body = "".join(f"<tr style='background:none'>{cells('td', row)}</tr>" for row in rows)
    return (
        "<table style='border-collapse:collapse;border:0;font-size:0.95em'>"
        f"<thead><tr>{cells('th', headings)}</tr></thead><tbody>{body}</tbody></table>"
    )
