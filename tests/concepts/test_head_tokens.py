"""One token in: held against definitions, against a run, and against heads that were planted."""

import pytest
import torch
from einops import einsum
from torch.testing import assert_close

from llm_tt.concepts.head_tokens import looked_for, looked_for_by, ov_changes, ov_tokens
from llm_tt.errors import TargetError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.concepts.planted import FROM, TO, with_planted_head

# GPT-2: norm with bias. Grouped queries. Norms of queries and keys, each head and all heads. A cap. Scaled.
KINDS = ["GPT-2", "Llama, with biases", "Qwen3", "OLMo 2", "Gemma 2", "Granite", "BLOOM", "Falcon-7B"]
every_kind = pytest.mark.parametrize("family", KINDS)


@torch.no_grad()
def scores_of(model, layer, head):
    """All scores at distance 0 [query key], by the whole layer's methods, without the key's constant."""
    inputs, states = model.head_inputs(layer), model.embedding()
    queries, keys = inputs.queries(states)[:, head], inputs.keys(states)[:, head]
    if inputs.key_norm is None:
        keys = keys - inputs.key_bias[head]
    return inputs.bend(queries @ keys.T)


@every_kind
def test_looking_and_being_looked_for_are_rows_and_columns_of_the_scores(family, open_family):
    model = open_family(family)
    scores = scores_of(model, 1, 3)
    for reading, row in ((looked_for, scores[77]), (looked_for_by, scores[:, 77])):
        found = reading(model, 1, 3, 77, top=5)
        assert_close(torch.tensor(found.most.changes), row.topk(5).values, atol=1e-5, rtol=1e-4)
        assert_close(
            torch.tensor(found.least.changes), row.topk(5, largest=False).values, atol=1e-5, rtol=1e-4
        )
        assert_close(row[list(found.most.token_ids)], row.topk(5).values, atol=1e-5, rtol=1e-4)
        assert found.most.token_strings == model.token_strings(found.most.token_ids)


def test_what_the_key_bias_adds_is_the_same_for_every_key(open_family):
    model = open_family("GPT-2")
    inputs, states = model.head_inputs(1), model.embedding()
    real = inputs.bend(inputs.queries(states)[:, 3] @ inputs.keys(states)[:, 3].T)
    assert_close(real.softmax(-1), scores_of(model, 1, 3).softmax(-1), atol=1e-5, rtol=1e-4)


def written_alone(model, token):
    """What the first layer's attention adds where a token stands alone, without a post-norm's divisor."""
    seen = {}
    sites = [site for site in (Site.ATTENTION_OUT, Site.ATTENTION_POST_NORM) if model.has_site(site)]
    hooks = [Hook(Site.RESID_PRE, 0, lambda _: model.embedding([token])[None])]
    hooks += [Hook(site, 0, lambda out, site=site: seen.update({site: out[0, 0].clone()})) for site in sites]
    model.run([token], hooks)
    return seen[Site.ATTENTION_OUT] * seen.get(Site.ATTENTION_POST_NORM, 1.0)


@every_kind
@torch.no_grad()
def test_the_first_layers_messages_are_the_reading_and_a_constant(family, open_double):
    """A position that holds an embedding alone, and attends to itself alone, writes what the reading says."""
    model = open_double(family)
    written = {token: written_alone(model, token) for token in (40, 77)}
    with model.lock:  # reads in this thread, where the families' single precision is lifted
        found = {
            token: sum(ov_changes(model, 0, head, token) for head in range(model.dimensions.n_heads))
            for token in written
        }
    difference = model.read_part(written[40] - written[77], 1.0)
    assert float((found[40] - found[77] - difference).abs().max() / difference.abs().max()) < 1e-9


def test_what_a_head_writes_is_its_value_through_its_output(grouped_model):
    """Head 3 of a layer with two groups of two reads the second group's keys and values."""
    weights, inputs = grouped_model.layer_weights(0), grouped_model.head_inputs(0)
    own = grouped_model._bridge.blocks[0].attn.W_V[1]
    state = grouped_model.embedding([50])[0]
    normed = state / (state.square().mean() + inputs.norm.epsilon).sqrt() * inputs.norm.weight
    by_hand = einsum(normed, own, weights.head_out[3], "m, m d, d out -> out")
    assert_close(
        ov_changes(grouped_model, 0, 3, 50), grouped_model.read_part(by_hand, 1.0), atol=1e-5, rtol=1e-4
    )
    promotion = ov_tokens(grouped_model, 0, 3, 50, top=4)
    assert len(promotion.promoted.token_ids) == len(promotion.suppressed.token_ids) == 4
    assert promotion.promoted.changes[0] > 0 > promotion.suppressed.changes[0]


def test_planted_heads_are_read(byte_tokenizer):
    copying = with_planted_head(byte_tokenizer, "OV")
    others = [ov_changes(copying, 1, 2, token) for token in range(0, 300, 7)]
    assert ov_tokens(copying, 1, 2, FROM, top=1).promoted.token_ids == (TO,)
    assert ov_changes(copying, 1, 2, FROM)[TO] > 1.5 * max(float(changes[TO]) for changes in others)
    matching = with_planted_head(byte_tokenizer, "QK")
    assert looked_for(matching, 1, 2, FROM, top=1).most.token_ids == (TO,)
    assert looked_for_by(matching, 1, 2, TO, top=1).most.token_ids == (FROM,)


@pytest.mark.parametrize("reading", [ov_tokens, looked_for, looked_for_by])
def test_what_is_not_there_is_refused(reading, tiny_model):
    with pytest.raises(TargetError):
        reading(tiny_model, 0, 9, 5)
    with pytest.raises(TargetError):
        reading(tiny_model, 0, 0, 300)
