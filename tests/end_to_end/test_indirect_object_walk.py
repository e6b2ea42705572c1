"""The indirect-object walk of the VISIT paper on the small world: nodes show who moves the name."""

import pytest

import llm_tt
from llm_tt.anatomy.measures import Numbers
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.smallworld.generation import generate

PROMPT = "When Mary and John went to the store, John gave a drink to"
ALL_HEADS = Numbers(heads=4, keys=2)


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("small-world")


def messages_of(model, prompt, answer, contrast):
    """What the last layer's heads bring: head, input token, its ten strongest tokens, contribution."""
    trace = llm_tt.capture(model, prompt)
    layer = trace.n_layers - 1
    graph = llm_tt.anatomy.flow(model, trace, layer, answer, contrast=contrast, numbers=ALL_HEADS, top=10)
    nodes, tokens = graph.nodes, trace.prompt.token_strings
    return [
        (
            node.head,
            tokens[node.key],
            model.token_strings(nodes.promoted[place].tolist()),
            nodes.contribution[place],
        )
        for place, node in enumerate(nodes.what)
        if node.kind is NodeKind.VALUE
    ]


def test_the_papers_prompt(model):
    """What writes most of Mary reads from Mary and shows Mary; without heads that do so, Mary loses."""
    messages = messages_of(model, PROMPT, " Mary", " John")
    head, token, shown, contribution = max(messages, key=lambda message: message[-1])
    assert token == " Mary"
    assert " Mary" in shown[:3]
    assert contribution > 1
    movers = {head for head, token, shown, _ in messages if token == " Mary" and " Mary" in shown}
    assert head in movers
    off = [llm_tt.Ablate.head(3, head) for head in movers]
    before, after = (llm_tt.run_with_edits(model, PROMPT, edits).logits[-1] for edits in ([], off))
    (mary,), (john,) = (model.tokenize(name).token_ids for name in (" Mary", " John"))
    assert float(after[mary] - after[john]) < float(before[mary] - before[john]) - 1


def test_on_prompts_that_training_never_saw(model):
    """In most, some head of the last layer, reading from the receiver, shows that name; seldom the other."""
    n_prompts, right, wrong = 100, 0, 0
    for asked in generate("indirect_object", n_prompts, 7, "held_out"):
        messages = messages_of(model, asked.prompt, asked.answer, asked.contrast)
        from_receiver = [shown for _, token, shown, _ in messages if token == asked.answer]
        right += any(asked.answer in shown for shown in from_receiver)
        wrong += any(asked.contrast in shown for shown in from_receiver)
    assert right >= 0.75 * n_prompts
    assert wrong <= 0.2 * n_prompts
