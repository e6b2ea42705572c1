"""Base beside edited: the prediction, the target, and the way through the layers."""

from typing import cast

import streamlit as st

from llm_tt.app.cached import Run, comparison_of
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.navigation import go_to
from llm_tt.app.notices import plain
from llm_tt.app.percent import in_percent, percent_bar, percent_number
from llm_tt.attribution.target import Target
from llm_tt.lens.run_comparison import RunComparison
from llm_tt.render.comparison_figure import comparison_figure
from llm_tt.render.number_words import (
    MINUS,
    percent_text,
    plain_text,
    points_text,
    signed_text,
    without_minus_zero,
)
from llm_tt.render.trace_tables import STATE_COLUMNS, state_change_columns, token_change_columns
from llm_tt.render.visible_text import visible_token


def show_effect(frame: Frame, edited: Run, target: Target) -> None:
    """Numbers, tokens, layers."""
    comparison = comparison_of(frame.run, edited, target)
    (token,) = frame.model.token_strings([target.token_id])
    _show_numbers(comparison, visible_token(token))
    tokens, layers = st.columns([1, 1.5], gap="medium")
    with tokens:
        st.markdown("**Predictions**")
        _show_tokens(comparison)
    with layers:
        where = f":small[:gray[{plain(_where(comparison))}]]"
        st.markdown(f"**“{plain(visible_token(token))}” through the layers**  \n{where}")
        st.plotly_chart(
            comparison_figure(comparison, token),
            config={"displayModeBar": False},
            alt="The target's probability in every state, base and edited",
        )
    with st.expander("Every state of this position, base and edited"):
        _show_states(comparison)
    if st.button("See it in the graph", icon=":material/account_tree:", key="see-in-graph"):
        st.session_state["run"] = "difference"
        go_to("Flow")


def _show_numbers(comparison: RunComparison, token: str) -> None:
    first, second, third, fourth = st.columns(4, gap="small")
    change = comparison.probability_after - comparison.probability_before
    first.metric(
        f"Probability of {plain(token)}",
        percent_text(comparison.probability_after),
        f"{_delta(points_text(change))}, was {percent_text(comparison.probability_before)}",
    )
    is_difference = comparison.target.contrast_id is not None
    second.metric(
        "Difference of logits" if is_difference else "Its logit",
        plain_text(comparison.metric_after),
        f"{_delta(signed_text(comparison.metric_after - comparison.metric_before))}, "
        f"was {plain_text(comparison.metric_before)}",
    )
    third.metric(
        "Its rank",
        f"{comparison.rank_after:,}",
        f"was {comparison.rank_before:,}",
        delta_color="off",
        delta_arrow="off",
    )
    fourth.metric(
        "KL from the base",
        f"{comparison.kl:.3g} nats",
        "another token on top" if comparison.is_flipped else "same token on top",
        delta_color="off",
        delta_arrow="off",
    )


def _show_tokens(comparison: RunComparison) -> None:
    columns = in_percent(token_change_columns(comparison), "before", "after", "change")
    columns["change"] = [*without_minus_zero(cast(list[float], columns["change"]), 2)]
    st.dataframe(
        columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content",
        column_config={
            "token": st.column_config.TextColumn(width=96),
            "before": percent_bar("before %", 96),
            "after": percent_bar("after %", 96),
            "id": None,
            "change": st.column_config.NumberColumn(
                "points", format="%+.2f", width=76, help="Change of the probability, in percentage points."
            ),
        },
        alt="The strongest tokens of both runs",
    )


def _show_states(comparison: RunComparison) -> None:
    shares = ("prob. before", "prob. after", "target before", "target after")
    st.dataframe(
        in_percent(state_change_columns(comparison), *shares),
        hide_index=True,
        column_config={
            **{name: percent_number(f"{name} %", 96) for name in shares},
            "KL": st.column_config.NumberColumn(format="%.3g", width=64, help=STATE_COLUMNS["KL"]),
            "moved %": st.column_config.NumberColumn(format="%.1f", width=76, help=STATE_COLUMNS["moved %"]),
        },
    )


def _delta(text: str) -> str:
    """As Streamlit reads the sign of a change: its arrow needs the hyphen."""
    return text.replace(MINUS, "-")


def _where(comparison: RunComparison) -> str:
    """Where the runs part, in words."""
    touched, parting = comparison.first_touched, comparison.first_parting
    if touched is None:
        return "Nothing changes at this position."
    said = f"First touched: {touched}. "
    if parting is None:
        return said + "The top token stays the same."
    said += f"The top token first differs at {parting}"
    return said + ("." if comparison.is_flipped else ", and is the same again in the end.")
