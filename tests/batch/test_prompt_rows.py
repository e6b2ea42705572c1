"""The table of one prompt: the schema's columns, and all that it does not know is null."""

import llm_tt
from llm_tt.batch.asked import EntryInTokens
from llm_tt.batch.entries import Entry
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.prompt_rows import prompt_rows
from llm_tt.batch.schema import OF_PROMPT, SCHEMA


def test_it_has_every_column_in_its_type_and_each_component_once(small_world):
    prompt, options = "The capital of France is", BatchOptions(neurons=4, edges=6)
    trace = llm_tt.capture(small_world, prompt)
    asked = EntryInTokens.of(small_world, Entry(5, prompt, " Paris"), options)
    target = asked.target(small_world, trace, options)
    shares = llm_tt.attribute(small_world, trace, "relp", target_token=" Paris")
    graph = llm_tt.build_graph(shares).prune(density=0.5)
    table = prompt_rows(small_world, asked, trace, target, shares, graph, {"retained": 0.25}, options)
    assert table.schema == SCHEMA
    rows = table.to_pandas()
    sizes = small_world.dimensions
    assert rows.groupby("kind").size().to_dict() == {
        "head": sizes.n_layers * sizes.n_heads, "mlp": sizes.n_layers, "neuron": 4, "edge": 6,
    }  # fmt: skip
    assert rows["component"].is_unique
    assert rows[list(OF_PROMPT)].nunique().max() == 1
    assert set(rows["retained"]) == {0.25}
    assert rows["retained_by_chance"].isna().all()
    assert rows[rows["kind"] == "edge"][["layer", "head", "key", "query", "relation"]].notna().all().all()
    assert rows[rows["kind"] != "edge"][["key", "query", "relation"]].isna().all().all()
