"""The maps say what their numbers are."""


def test_shares_and_contributions_are_told_apart(view, signed_view, open_card, words):
    assert "Share of each message" in words(open_card(view, "L1H2@9"))
    assert "in logits: blue for it, vermilion against it" in words(open_card(signed_view, "L1H2@9"))


def test_a_message_marks_one_cell_and_a_head_a_row(view, open_card):
    message, head = (open_card(view, name).get("plotly_chart")[0] for name in ("L1H2@2-9", "L1H2@9"))
    assert '"x0":1.5,"x1":2.5' in message.proto.spec
    assert '"x0":-0.5,"x1":9.5' in head.proto.spec
