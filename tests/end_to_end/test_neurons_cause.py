"""What a search finds in the small world is a cause, as far as that is true.

Measured on all 61 capitals, in the phrasings of each that training never saw: the change of the right
capital's log-odds when neurons bring what they usually bring, over the countries, with 95 % intervals.

    neurons found by          change                 random ones   another country's   lower than random in
    capital, suppresses, 20   -0.46 [-0.52, -0.40]         -0.07               -0.05   92 % of countries
    country, excited by, 40   -0.31 [-0.43, -0.21]         -0.13               -0.21   59 %
    capital, promotes, 20     +0.18 [+0.11, +0.25]         -0.06               -0.07   21 %

Neurons that write against a capital are quiet where it is right; with their usual activation it falls, and
only that capital. (Set to zero they change no more than random ones: quiet is what they are.) Neurons that
read a country's name carry its capital more than random ones do, but those of other countries do so nearly as
much: that reading is shared. Neurons that write a capital are no cause of it: no few neurons here store it.
"""

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.target import resolve_target
from llm_tt.faithfulness.statistics import Interval, bootstrap
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.smallworld.tasks.facts import phrasings_of
from llm_tt.smallworld.world import the_world

PAIRS = the_world().relations["capital"]
OTHERS = (5, 17)
"""How far away in the list the countries are whose neurons are held against."""


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("small-world")


@pytest.fixture(scope="module")
def index(model):
    return llm_tt.build_index(model, in_memory=True)


def log_odds(model, prompt, token, sets):
    """Of the token, with each set of neurons at its usual activation; all in one run."""
    usual, sizes = baseline_of(model, "mean").activations, model.dimensions
    off = torch.zeros(len(sets), sizes.n_layers, 1, sizes.d_mlp, dtype=torch.bool)
    for copy, neurons in enumerate(sets):
        for layer, neuron in neurons:
            off[copy, layer, 0, neuron] = True

    def ablate(layer):
        return Hook(Site.NEURONS, layer, lambda active: torch.where(off[:, layer], usual[layer], active))

    token_ids = model.tokenize(prompt).token_ids
    with torch.no_grad():
        hooks = [ablate(layer) for layer in range(sizes.n_layers)]
        logits = model.run_copies(token_ids, len(sets), hooks)[:, -1].double()
    target = model.tokenize(token).token_ids[0]
    rest = logits.clone()
    rest[:, target] = -torch.inf
    return (logits[:, target] - rest.logsumexp(-1)).numpy()


def at_random(neurons, width, rng):
    """As many others, from the same layers."""
    drawn = set()
    for layer, _ in neurons:
        while (other := (layer, int(rng.integers(width)))) in drawn or other in neurons:
            pass
        drawn.add(other)
    return sorted(drawn)


def changes(model, found):
    """[country, (found, at random, of other countries)], the mean over both phrasings."""
    rng = np.random.default_rng(0)
    rows = []
    for at, (country, capital) in enumerate(PAIRS):
        sets = [[], found[at], *(at_random(found[at], model.dimensions.d_mlp, rng) for _ in OTHERS)]
        sets += [found[(at + far) % len(PAIRS)] for far in OTHERS]
        prompts = [phrasing.format(s=country) for phrasing in phrasings_of("capital", country, held_out=True)]
        odds = np.mean([log_odds(model, prompt, f" {capital}", sets) for prompt in prompts], axis=0)
        change = odds[1:] - odds[0]
        rows.append((change[0], change[1:3].mean(), change[3:].mean()))
    return np.array(rows)


def interval(differences) -> Interval:
    """Over the countries."""
    return bootstrap(differences.tolist())


def neurons_of(index, words, side, top):
    """Of each country, the neurons that a search for its word finds."""
    return [
        [(hit.layer, hit.neuron) for hit in index.search(word, sides=(side,), top=top).hits] for word in words
    ]


def test_neurons_that_write_against_a_capital_hold_it_back_and_no_other(model, index):
    found = neurons_of(index, [capital for _, capital in PAIRS], "suppresses", 20)
    change, random, others = changes(model, found).T
    assert interval(change - random).high < -0.25
    assert interval(change - others).high < -0.25
    assert (change < random).mean() > 0.85 and (change < others).mean() > 0.85


def test_neurons_that_read_a_country_carry_its_capital_though_not_its_alone(model, index):
    found = neurons_of(index, [country for country, _ in PAIRS], "excited_by", 40)
    change, random, others = changes(model, found).T
    assert interval(change - random).high < 0
    assert others.mean() < random.mean(), "another country's neurons do harm too"


def test_neurons_that_write_a_capital_are_no_cause_of_it_here(model, index):
    """What a list of tokens suggests must be measured: this suggestion is wrong in this model."""
    found = neurons_of(index, [capital for _, capital in PAIRS], "promotes", 20)
    change, random, _ = changes(model, found).T
    assert interval(change - random).low > 0


def test_all_at_once_is_what_edits_measure_one_by_one(model, index):
    country, capital = PAIRS[0]
    prompt = phrasings_of("capital", country, held_out=True)[0].format(s=country)
    neurons = neurons_of(index, [capital], "suppresses", 20)[0]
    trace = llm_tt.capture(model, prompt)
    target = resolve_target(model, trace, position=-1, token=f" {capital}", metric="logprob")
    edits = [llm_tt.Ablate.neuron(layer, neuron, baseline="mean") for layer, neuron in neurons]
    effect = llm_tt.measured_effect(model, trace, target, edits)
    before, after = log_odds(model, prompt, f" {capital}", [[], neurons])
    logistic = 1 / (1 + np.exp(-np.array([before, after])))
    assert [effect.probability_before, effect.probability_after] == pytest.approx(logistic, rel=1e-6)
    assert effect.change < 0
