"""The card of an attention edge and of one head's message along it."""

import json

import numpy as np
import pytest

from llm_tt.app.inspector import choosing
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part


def promoted_ids(view, name):
    vector = written_by(view.model, view.trace, Part.named(name))
    return list(promoted_tokens(view.model, view.trace, vector, 9).promoted.token_ids)


@pytest.mark.parametrize("which", ["view", "signed_view"])
def test_the_heads_of_an_edge_by_weight(which, open_card, request):
    view = request.getfixturevalue(which)
    table = open_card(view, "L1.attention@2-9").dataframe[0].value
    weights = view.shares.heads_of_edge(1, 9, 2)
    assert len(table) == view.model.dimensions.n_heads
    shown = table["share %"] / 100 if which == "view" else table.logits
    assert list(shown) == pytest.approx(sorted(weights.tolist(), key=abs, reverse=True))
    heads = [int(name.removeprefix("L1H")) for name in table["head"]]
    assert list(table.attention / 100) == pytest.approx(view.trace.patterns[1][heads, 9, 2].tolist())


@pytest.mark.parametrize(
    ("scope", "named"),
    [("this message", "L1H2@2-9"), ("whole head", "L1H2@9"), ("all heads", "L1.attention@2-9")],
)
def test_what_is_read_can_be_the_message_the_head_or_the_edge(view, open_card, scope, named):
    page = open_card(view, "L1H2@2-9", scope=scope)
    assert list(page.dataframe[1].value.id) == promoted_ids(view, named)


def test_an_edge_opens_at_its_strongest_head(view, open_card):
    strongest = int(view.shares.heads_of_edge(1, 9, 2).argmax())
    page = open_card(view, "L1.attention@2-9")
    assert list(page.dataframe[1].value.id) == promoted_ids(view, f"L1H{strongest}@2-9")


@pytest.mark.parametrize(("name", "n_marked"), [("L1.attention@2-9", 0), ("L1H2@2-9", 1)])
def test_only_a_message_marks_its_head(view, open_card, monkeypatch, name, n_marked):
    marked = []
    mount = choosing.st.dataframe

    def watch(columns, **options):
        rows = options.get("selection_default", {}).get("selection", {}).get("rows", [])
        marked.extend(columns["head"][row] for row in rows)
        return mount(columns, **options)

    monkeypatch.setattr(choosing.st, "dataframe", watch)
    open_card(view, name)
    assert marked == ["L1H2"] * n_marked


def test_the_maps_are_of_the_chosen_head(view, open_card):
    charts = open_card(view, "L1H2@2-9").get("plotly_chart")
    attention, contributions = (np.array(decoded(chart)) for chart in charts)
    past = np.tril_indices(len(view.tokens))
    assert np.allclose(attention[past], 100 * view.trace.patterns[1][2].numpy()[past])  # per cent
    assert np.allclose(contributions[past], 100 * view.shares.attention[1, 2].numpy()[past])


def decoded(chart):
    import base64

    z = json.loads(chart.proto.spec)["data"][0]["z"]
    rows = [int(size) for size in z["shape"].split(",")]
    return np.frombuffer(base64.b64decode(z["bdata"]), z["dtype"]).reshape(rows)


def test_tokens_are_text_in_maps_and_captions(view, open_card, words):
    page = open_card(view, "L1H2@0-9")
    spec = page.get("plotly_chart")[0].proto.spec
    assert "&lt; (0)" in spec
    assert '"< (0)"' not in spec
    assert "from < (0) to" in words(page)
    assert "\\<" in page.markdown[1].value
