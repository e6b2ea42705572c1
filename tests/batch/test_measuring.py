"""The rows of prompts, against the library's own calls."""

import numpy as np
import pyarrow as pa
import pytest

import llm_tt
from llm_tt.attribution.method_list import METHODS
from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.schema import OF_PROMPT, SCHEMA
from llm_tt.smallworld.generation import generate
from tests.stopping import shares_told

PROMPT = "When Mary and John went to the store, John gave a drink to"
ENTRY = Entry(3, PROMPT, " Mary", " John", group="io", subject="John")


def rows_of(model, entry, **options):
    rows, skipped = measure_all(model, [entry], BatchOptions(**options))
    assert skipped == []
    return rows.to_pandas()


def reason_of(model, entry, **options):
    rows, (skipped,) = measure_all(model, [entry], BatchOptions(**options))
    assert rows.num_rows == 0
    return skipped.reason


def test_what_belongs_to_the_prompt_stands_in_every_row(small_world):
    rows = rows_of(small_world, ENTRY)
    trace = llm_tt.capture(small_world, PROMPT)
    logits = trace.logits[-1]
    told = rows[list(OF_PROMPT)].drop_duplicates()
    assert len(told) == 1
    (one,) = told.to_dict("records")
    assert (one["entry"], one["group"], one["prompt"], one["n_tokens"]) == (
        3,
        "io",
        PROMPT,
        len(trace.prompt),
    )
    assert (one["answer"], one["foil"], one["target"], one["contrast"]) == (
        " Mary",
        " John",
        " Mary",
        " John",
    )
    assert (one["predicted"], one["is_right"], one["position"]) == (" Mary", True, len(trace.prompt) - 1)
    assert one["predicted_probability"] == pytest.approx(float(logits.softmax(-1).max()))
    mary, john = (small_world.tokenize(name).token_ids[0] for name in (" Mary", " John"))
    assert one["metric"] == pytest.approx(float(logits[mary] - logits[john]), rel=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_the_graph_is_the_library_s_and_its_faithfulness_is_measured(small_world, method):
    rows = rows_of(small_world, ENTRY, methods=(method,), density=0.3)
    trace = llm_tt.capture(small_world, PROMPT)
    asked = {} if method == "ifr" else {"target_token": " Mary", "contrast_token": " John"}
    shares = llm_tt.attribute(small_world, trace, method, **asked)
    graph = llm_tt.build_graph(shares).prune(density=0.3)
    target = llm_tt.attribute(small_world, trace, "dla", target_token=" Mary", contrast_token=" John").target
    card = llm_tt.check_faithfulness(small_world, trace, graph, target=target)
    assert set(rows["method"]) == {method}
    assert rows["n_edges"].iloc[0] == graph.n_edges
    assert rows["density"].iloc[0] == pytest.approx(graph.density)
    assert rows["retained"].iloc[0] == pytest.approx(card.retained, abs=1e-4)
    assert set(rows["kind"]) == {"head", "mlp", "edge"} | (set() if method == "ifr" else {"neuron"})


def test_what_is_not_known_is_null(small_world):
    rows = rows_of(small_world, Entry(1, PROMPT), measure=False)
    assert rows[["answer", "foil", "contrast", "is_right", "retained", "group"]].isna().all().all()
    assert set(rows["target"]) == {" Mary"}
    assert rows["attends_subject"].isna().all()
    heads = rows[rows["kind"] == "head"]
    assert heads["attends_answer"].notna().all()  # the target is mentioned, answer or not
    assert rows[rows["kind"] == "mlp"]["head"].isna().all()


def test_target_and_contrast_can_be_chosen(small_world):
    own = rows_of(small_world, ENTRY, target="prediction", measure=False)
    assert (set(own["target"]), set(own["contrast"].isna())) == ({" Mary"}, {True})
    alone = rows_of(small_world, ENTRY, contrast="none", measure=False)
    assert set(alone["contrast"].isna()) == {True}
    assert "It has no answer" in reason_of(small_world, Entry(1, PROMPT), target="answer")
    no_foil = reason_of(small_world, Entry(1, PROMPT, " Mary"), contrast="foil")
    assert "It has no foil" in no_foil


def test_several_answers_may_be_right(small_world):
    assert not rows_of(small_world, Entry(1, PROMPT, " John"), measure=False)["is_right"].any()
    several = Entry(1, PROMPT, " John", accepted=(" John", " Mary"))
    assert rows_of(small_world, several, measure=False)["is_right"].all()


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Entry(1, "word " * 300), "reads at most 128"),
        (Entry(1, PROMPT, " no single token"), "not one token"),
        (Entry(1, PROMPT, " Mary", " Mary"), "the same token"),
        (Entry(1, PROMPT, 999_999), "knows the tokens 0 to"),
        (Entry(1, PROMPT, subject="Anne"), "does not stand in the prompt"),
        (BadEntry(1, "It is no JSON."), "It is no JSON."),
    ],
)
def test_what_cannot_be_measured_has_a_reason_and_leaves_the_others(small_world, entry, reason):
    rows, skipped = measure_all(small_world, [entry, ENTRY], BatchOptions(measure=False))
    assert [one.number for one in skipped] == [1]
    assert reason in skipped[0].reason
    assert set(rows["entry"].to_pylist()) == {3}


def test_prompts_that_go_together_have_the_rows_of_each_alone(small_world):
    asked = [*generate("indirect_object", 30, 3), *generate("capital", 12, 3), *generate("induction", 3, 3)]
    entries = [Entry(number, one.prompt, one.answer, one.contrast) for number, one in enumerate(asked, 1)]
    options = BatchOptions(("relp", "gradact", "ifr", "dla"), neurons=5, edges=20)
    together, skipped = measure_all(small_world, entries, options)
    assert skipped == []
    alone = pa.concat_tables([measure_all(small_world, [entry], options)[0] for entry in entries])
    together, alone = together.to_pandas(), alone.to_pandas()
    assert together["entry"].is_monotonic_increasing
    same = ["entry", "method", "kind", "n_edges", "predicted", "target"]
    assert together[same].equals(alone[same])
    heads = together["kind"].isin(["head", "mlp"])
    for column in SCHEMA.names:
        one, other = together.loc[heads, column], alone.loc[heads, column]
        if column == "rank":  # where two are as strong as each other
            assert (one == other).mean() > 0.99
        elif one.dtype.kind == "f":
            scale = np.nanmax(np.abs(other)) if other.notna().any() else 1
            assert np.allclose(one, other, atol=2e-5 * scale, rtol=1e-4, equal_nan=True), column
    for kind in ("neuron", "edge"):
        one, other = (set(zip(t.entry, t.method, t.component, strict=True)) for t in (
            frame[frame["kind"] == kind] for frame in (together, alone)
        ))  # fmt: skip
        assert len(one & other) > 0.99 * len(other)


def test_one_that_fails_in_the_run_leaves_those_beside_it(small_world):
    entries = [Entry(1, PROMPT, foil=" Mary"), Entry(2, PROMPT, foil=" John")]
    rows, skipped = measure_all(small_world, entries, BatchOptions(contrast="foil", measure=False))
    assert [(one.number, "the same token" in one.reason) for one in skipped] == [(1, True)]
    assert set(rows["entry"].to_pylist()) == {2}


def test_progress_and_an_empty_list(small_world):
    entries = [Entry(number, PROMPT) for number in range(1, 4)]
    told = shares_told(lambda tell: measure_all(small_world, entries, BatchOptions(measure=False), tell))
    assert told == [1.0]  # they go together
    rows, skipped = measure_all(small_world, [])
    assert (rows.num_rows, rows.schema, skipped) == (0, SCHEMA, [])


@pytest.mark.parametrize("family", ["GPT-J", "Llama, with biases", "Mixtral"])
def test_other_families(family, open_family):
    rows = rows_of(open_family(family), Entry(1, "one two one"), density=0.5)
    assert {"head", "mlp"} <= set(rows["kind"])
    assert rows["retained"].notna().all()
