"""Writing on under edits: as by hand, the same with and without the cache, nothing stays between tokens."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.baseline import baseline_of
from llm_tt.errors import InterventionError, PromptError, TargetError
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.intervention.generation import GeneratedToken, Generation, generate, parting, write_on
from llm_tt.intervention.sampling import Sampling
from tests.conftest import BY_NAME
from tests.families.registry import FAMILIES, build
from tests.families.test_edited_families import edits_for
from tests.intervention.kinds_of_edits import EVERY_KIND
from tests.intervention.plain_edits import PLACES, PlainEdits
from tests.stopping import check_stops_cleanly

TEXT = "Some words."
LENGTH = len(TEXT)
BEHIND = [
    Ablate.edge(0, LENGTH, positions="generated"),
    Scale.edge(1, LENGTH + 1, 3.0, head=1),
    SetNeuron(0, 5, 4.0, positions=(3, LENGTH + 2)),
    Scale.mlp(1, -1.0, positions="generated"),
]
"""Of positions that are not written yet."""


def same(found, expected):
    """The same tokens with the same probabilities."""
    assert [token.token_id for token in found.tokens] == [token.token_id for token in expected.tokens]
    for one, other in zip(found.tokens, expected.tokens, strict=True):
        assert one.probability == pytest.approx(other.probability, rel=1e-3, abs=1e-6)
        assert (one.string, one.rank) == (other.string, other.rank)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_with_the_cache_it_is_the_same(family, open_family):
    model = open_family(family.name)
    together = edits_for(family)["all"]
    behind = [edit for edit in BEHIND if not (family.switched_off and isinstance(edit, SetNeuron))]
    whole = [edit for edit in together if isinstance(edit, Steer) or edit.component.kind != "edge"]
    plain = generate(model, TEXT, n_tokens=5)
    changed = []
    for edits in (together, [*together, *behind], behind, whole):  # late families have the cache for the last
        found = generate(model, TEXT, edits, n_tokens=5)
        same(found, generate(model, TEXT, edits, n_tokens=5, use_cache=False))
        changed.append([t.probability for t in found.tokens] != [t.probability for t in plain.tokens])
    assert all(changed)
    same(plain, generate(model, TEXT, n_tokens=5, use_cache=False))


@pytest.mark.parametrize("family", ["GPT-2", "Mistral", "Gemma 2", "OPT"])
def test_each_kind_alone_with_the_cache_is_the_same(family, open_family):
    model = open_family(family)
    for edit in [*EVERY_KIND.values(), *BEHIND]:
        found = generate(model, TEXT, [edit], n_tokens=4)
        same(found, generate(model, TEXT, [edit], n_tokens=4, use_cache=False))


@pytest.mark.parametrize("family", PLACES)
def test_every_token_is_that_of_the_plain_model_edited_by_hand(family, open_double):
    model = open_double(family)
    edits = [*EVERY_KIND.values(), *BEHIND]
    found = generate(model, TEXT, edits, n_tokens=5)
    written = [token.token_id for token in found.tokens]
    token_ids = [*found.prompt.token_ids, *written[:-1]]
    plain = PlainEdits(build(BY_NAME[family], torch.float64), family, edits, baseline_of(model, "mean"))
    expected = plain.logits(token_ids, LENGTH)[LENGTH - 1 :].softmax(-1)
    assert written == expected.argmax(-1).tolist()
    assert [token.probability for token in found.tokens] == pytest.approx(
        expected.amax(-1).tolist(), abs=1e-9
    )


def test_without_edits_it_is_what_the_model_writes():
    model = llm_tt.load_model("small-world")
    prompt = model.tokenize("The capital of Japan is the city of")
    found = generate(model, prompt, n_tokens=6)
    assert found.text.startswith(" Tokyo")
    continued = llm_tt.continue_prompt(model, prompt, 6)
    assert prompt.text + found.text == continued.text
    assert all(token.rank == 1 for token in found.tokens)
    assert [token.string for token in found.tokens] == list(model.token_strings(continued.token_ids))[
        len(prompt) :
    ]


def test_generated_positions_begin_behind_the_prompt(tiny_model):
    """The first new token is predicted at the prompt's last position, which they leave alone."""
    plain = generate(tiny_model, TEXT, n_tokens=3)
    edited = generate(tiny_model, TEXT, [SetNeuron(0, 1, 50.0, positions="generated")], n_tokens=3)
    assert edited.tokens[0] == plain.tokens[0]
    assert edited.tokens[1] != plain.tokens[1]


def test_two_generations_in_turns(tiny_model):
    prompt, edits = tiny_model.tokenize(TEXT), list(EVERY_KIND.values())
    alone = [generate(tiny_model, prompt, made, n_tokens=5).tokens for made in ((), edits)]
    both = [write_on(tiny_model, prompt, made, n_tokens=5) for made in ((), edits)]
    in_turns = []
    for pair in zip(*both, strict=True):
        in_turns.append(pair)
        assert not [point for point in tiny_model._bridge.hook_dict.values() if point._forward_hooks]
    assert tuple(zip(*in_turns, strict=True)) == tuple(alone)
    assert alone[0] != alone[1]


def test_the_same_seed_parts_only_where_predictions_do(tiny_model):
    sampling = Sampling(temperature=1.0, top_p=0.9, seed=3)
    write = lambda *edits, **options: generate(  # noqa: E731
        tiny_model, TEXT, edits, n_tokens=8, **{"sampling": sampling, **options}
    )
    first = write()
    assert parting(first.tokens, write().tokens) == ()
    assert parting(first.tokens, write(use_cache=False).tokens) == ()
    assert parting(first.tokens, write(sampling=Sampling(1.0, 0.9, seed=4)).tokens) != ()
    assert parting(first.tokens, write(Steer.tokens(1, 7, strength=30.0)).tokens) != ()
    assert any(token.rank > 1 for token in first.tokens)


class Scripted:
    """A model that says what it is told to say."""

    def __init__(self, model, says):
        self._model, self._says = model, list(says)

    def __getattr__(self, name):
        return getattr(self._model, name)

    def run_cached(self, token_ids, past, hooks=()):
        """The next word of the script."""
        logits = torch.zeros(len(token_ids), self._model.dimensions.d_vocab)
        logits[-1, self._says.pop(0)] = 9.0
        return logits, None


def test_it_ends_with_the_text(tiny_model):
    (end,) = tiny_model.end_tokens
    a, b = tiny_model.tokenize("ab").token_ids
    told = []
    found = generate(Scripted(tiny_model, [a, b, end, a]), "begin ", n_tokens=9, progress=told.append)
    assert [token.token_id for token in found.tokens] == [a, b, end]
    assert (found.text, found.is_ended) == ("ab", True)
    assert told[-1] == 1.0
    cut = generate(Scripted(tiny_model, [a, b, end]), "begin ", n_tokens=2)
    assert (cut.text, cut.is_ended) == ("ab", False)


def test_it_ends_with_the_context(tiny_model):
    longest = tiny_model.dimensions.n_context
    found = generate(tiny_model, "x" * (longest - 2), n_tokens=9)
    assert len(found.tokens) == 2 or found.is_ended
    full = generate(tiny_model, "x" * longest)
    assert (full.tokens, full.text, full.is_ended) == ((), "", False)


def test_where_two_texts_part(tiny_model):
    prompt = tiny_model.tokenize("x")
    texts = [
        Generation(prompt, tuple(GeneratedToken(i, "", 0.5, 1) for i in ids), "", False)
        for ids in ([1, 2, 3], [1, 5, 3, 4])
    ]
    assert parting(texts[0].tokens, texts[1].tokens) == (1, 3)
    assert parting(texts[0].tokens, texts[0].tokens) == ()


def test_progress_and_stopping(tiny_model):
    edits = list(EVERY_KIND.values())
    baseline_of(tiny_model, "mean")
    run = lambda progress: generate(tiny_model, TEXT, edits, n_tokens=3, progress=progress)  # noqa: E731
    told = []
    run(told.append)
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
    check_stops_cleanly(tiny_model, run)


def test_what_cannot_be_written_is_said(tiny_model):
    with pytest.raises(PromptError, match="empty"):
        generate(tiny_model, "")
    with pytest.raises(ValueError, match="at least 1; got 0"):
        write_on(tiny_model, tiny_model.tokenize("a"), n_tokens=0)
    with pytest.raises(TargetError, match="no layer 9"):
        write_on(tiny_model, tiny_model.tokenize("a"), [Ablate.mlp(9)])


def test_edits_that_are_too_strong_are_said(byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["GPT-2"], torch.float16), byte_tokenizer)
    with pytest.raises(InterventionError, match="no numbers any more"):
        generate(model, TEXT, [Scale.mlp(0, 1e6)])
