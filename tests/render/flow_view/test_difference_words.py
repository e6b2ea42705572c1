"""What is said about a difference: on the card, and to who cannot see the picture."""

from dataclasses import replace

import pytest
import torch

from llm_tt.render.flow_payload import OtherRun
from tests.graph.random_shares import by_hand, signed
from tests.render.flow_view.conftest import make_payload


def by_hand_edited():
    """The head no longer sends from 0 to 1, what it sends to itself grows, the MLP at 1 shrinks."""
    shares = by_hand()
    return replace(
        shares,
        attention=torch.tensor([[[[0.2, 0.0], [0.02, 0.3]]]], dtype=torch.float64),
        mlp=torch.tensor([[0.6, 0.25]], dtype=torch.float64),
    )


QUESTION = {"position": 1, "cut": {"unit": "threshold", "value": 0.15}}


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "L0H0@0-1",
            [
                "Lost: kept only in base",
                "base 50 %  →  edited 2.0 % (cut away) of the sum",
                "difference −48 points",
                "survives to 40 % in base, to 2.0 % in edited",
            ],
        ),
        (
            "L0H0@1-1",
            [
                "Gained: kept only in edited",
                "base 10 % (cut away)  →  edited 30 % of the sum",
                "difference +20 points",
                "survives to 10 % in base, to 25 % in edited",
            ],
        ),
        (
            "L0.mlp@1",
            [
                "Weaker in edited",
                "base 40 %  →  edited 25 % of the sum",
                "difference −15 points",
                "survives to 40 % in base, to 25 % in edited",
            ],
        ),
        (
            "L0.post.residual@1",
            [
                "Same in both, within 10 %",
                "base 20 %  →  edited 20 % of the sum",
                "difference 0 points",
                "survives to 20 % in base, to 20 % in edited",
            ],
        ),
    ],
)
def test_the_card_says_both_weights_and_their_difference(name, lines, ask_node):
    payload = make_payload(by_hand(), other=by_hand_edited(), other_run=OtherRun("edited"))
    (found,) = ask_node(payload, {"ask": "change", "name": name, **QUESTION})
    assert [text for _, text in found] == lines


def test_an_edge_that_lost_its_way_says_so(ask_node):
    blocked = replace(by_hand(), attention=torch.tensor([[[[0.2, 0.0], [0.5, 0.1]]]], dtype=torch.float64))
    blocked.mlp[0, 1] = 0.0
    blocked.mlp_residual[0, 1] = 0.1
    payload = make_payload(by_hand(), other=blocked, other_run=OtherRun("edited"))
    (found,) = ask_node(payload, {"ask": "change", "name": "L0H0@0-1", **QUESTION})
    assert [text for _, text in found][1:3] == [
        "base 50 %  →  edited 50 % (cut away) of the sum",
        "as heavy in edited, but on no way there that survives the cut",
    ]


def test_shares_of_what_is_kept_say_nothing_of_what_is_not(ask_node):
    payload = make_payload(by_hand(), other=by_hand_edited(), other_run=OtherRun("edited"))
    (found,) = ask_node(payload, {"ask": "change", "name": "L0H0@1-1", **QUESTION, "renormalized": True})
    assert [text for _, text in found][1] == "base cut away  →  edited 50 % of the sum"
    assert not any("difference" in text for _, text in found)


def test_a_weight_that_turned_is_said_in_its_own_unit(ask_node):
    shares = signed(by_hand(), position=1)
    turned = replace(shares, mlp=-2 * shares.mlp)
    payload = make_payload(shares, other=turned, other_run=OtherRun("edited"))
    (found,) = ask_node(payload, {"ask": "change", "name": "L0.mlp@1", **QUESTION})
    before = float(shares.mlp[0, 1])
    sign = "+" if before > 0 else "−"
    other = "−" if before > 0 else "+"
    assert [text for _, text in found][:3] == [
        "Stronger in edited, with the other sign",
        f"base {sign}0.400  →  edited {other}0.800 to the logit",
        f"difference {other}1.20",
    ]


def test_the_whole_is_said_in_counts(ask_node):
    payload = make_payload(by_hand(), other=by_hand_edited(), other_run=OtherRun("edited"))
    (summary,) = ask_node(payload, {"ask": "summary", **QUESTION})
    assert summary == (
        "Difference of two runs, base and edited, in the flow to the prediction after b: "
        "gained 1, lost 1, changed 1, same 2. Of the changed ones, 0 are stronger and 1 weaker."
    )
