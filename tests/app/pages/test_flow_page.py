"""The Flow page from the door to the inspector, driven without a browser."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.app import cached
from llm_tt.app.frame import name_of_prompt
from llm_tt.app.inspector import HINT
from llm_tt.attribution.writers import writers_of
from llm_tt.errors import MemoryLimitError, PromptError
from llm_tt.lens.state_reading import read_state
from llm_tt.model.spec import ModelSpec
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import unit_of, weight_text
from llm_tt.tracing.parts import Part
from tests.app.driving import (
    FAILED,
    choice_of,
    click,
    graph_of,
    has_graph,
    link_of,
    menu_of,
    page_of_link,
    prompt_box,
    wait_for_background,
    words,
)

PROMPT = "The capital of Japan is the city of"


@pytest.fixture
def page():
    """The page with the untrained model: one token a byte, so that every text is easy to count."""
    return page_of_link(model="untrained")


@pytest.fixture(scope="module")
def small_world():
    model = llm_tt.load_model("small-world")
    return model, llm_tt.capture(model, PROMPT)


def test_a_newcomer_sees_the_small_world_answer():
    page = page_of_link()
    assert not page.exception
    assert FAILED not in words(page)
    assert menu_of(page, "model").value == "small-world"
    assert page.dataframe[0].value.token[0] == "·Mary"
    assert "all 8 checks passed" in words(page)
    assert HINT in words(page)
    graph = graph_of(page)
    assert graph["targetLabel"].startswith("·Mary  ")
    assert (graph["methodLabel"], graph["targetPosition"]) == ("Flow", 13)
    assert link_of(page) == {"method": "ifr"}


def test_an_example_fills_the_prompt_as_often_as_it_is_clicked(page):
    for _ in range(2):
        page.button_group(key="example").set_value("Capital").run()
        assert prompt_box(page).value == PROMPT
        prompt_box(page).set_value("changed").run()
    assert not page.exception


@pytest.mark.parametrize(
    ("prompt", "message"),
    [("", "It is empty"), ("x" * 600, "reads at most 512"), ("x" * 5000, "takes at most 2,048")],
)
def test_a_prompt_that_cannot_be_read_is_said_and_the_check_up_stays(page, prompt, message):
    prompt_box(page).set_value(prompt).run()
    assert not page.exception
    assert FAILED in words(page)
    assert message in words(page)
    assert "checks passed" in words(page)
    assert not has_graph(page)
    prompt_box(page).set_value("fine again").run()
    assert FAILED not in words(page)
    assert len(graph_of(page)["tokens"]) == len("fine again")


@pytest.mark.parametrize(
    "prompt", ["<script>alert(1)</script>", "😀", "**bold** $x$ :red[y]", "a\n\n\tb", "<|endoftext|>"]
)
def test_any_text_is_shown(page, prompt):
    prompt_box(page).set_value(prompt).run()
    assert not page.exception
    assert FAILED not in words(page)
    tokens = llm_tt.load_model("untrained").tokenize(prompt).token_strings
    assert graph_of(page)["tokens"] == [visible_token(token) for token in tokens]
    assert len(page.dataframe[0].value) == 10


@pytest.mark.parametrize("source", ["./no-such-folder", "no-such-owner/no-such-model", ".", "<b>x</b>"])
def test_a_model_that_cannot_be_opened_is_said(source, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    page = page_of_link(model=source)
    assert not page.exception
    assert words(page).count(FAILED) == 1
    assert len(page.text) == 3
    assert not has_graph(page)
    assert not page.dataframe


def test_a_link_opens_a_local_folder_and_its_prompt(save_family):
    # The link also names a neuron, and a mixture of experts has no single ones.
    page = page_of_link(model=str(save_family("Mixtral")), prompt="From a link", select="L0N3@2")
    assert not page.exception
    assert FAILED not in words(page)
    assert prompt_box(page).value == "From a link"
    assert "mixture of experts" in words(page)
    assert len(page.dataframe[0].value) == 10
    assert "select" not in link_of(page)


def test_a_long_prompt_stays_out_of_the_link():
    page = page_of_link(prompt="short")
    assert page.query_params["prompt"] == "short"
    prompt_box(page).set_value("x" * 1600).run()
    assert "prompt" not in page.query_params


def test_the_precision_is_the_configured_one_until_another_is_chosen(monkeypatch):
    opened = []
    monkeypatch.setattr(cached, "load_model", lambda spec: opened.append(spec) or llm_tt.load_model(spec))
    cached.open_model.clear()
    for link in ({}, {"precision": "bfloat16"}):
        page = page_of_link(model="untrained", **link)
        assert not page.exception
        assert has_graph(page)
    assert [spec.dtype for spec in opened] == ["float32", "bfloat16"]


@pytest.mark.parametrize("what", ["capture", "attribute_target"])
def test_when_memory_is_full_what_is_kept_makes_room(page, what, monkeypatch):
    attempts, work = [], getattr(cached, what)

    def full_at_first(*arguments, **options):
        attempts.append(len(cached.kept))
        if len(attempts) == 1:
            raise MemoryLimitError(asked="Trace.", found="Full.", remedy="Wait.")
        return work(*arguments, **options)

    monkeypatch.setattr(cached, what, full_at_first)
    prompt_box(page).set_value(f"{what} needs room").run()
    assert FAILED not in words(page)
    assert has_graph(page)
    assert attempts[0] > 0
    assert attempts[1] == 0


def test_when_there_is_no_room_at_all_it_is_said(page, monkeypatch):
    def full(*arguments, **options):
        raise MemoryLimitError(asked="Trace.", found="Full.", remedy="Wait.")

    monkeypatch.setattr(cached, "capture", full)
    prompt_box(page).set_value("there is no room").run()
    assert not page.exception
    assert [line.value for line in page.text] == ["Trace.", "Full.", "Wait."]


def test_an_enormous_text_never_reaches_the_tokenizer(monkeypatch):
    model = llm_tt.load_model("untrained")
    monkeypatch.setattr(cached, "open_model", lambda spec: model)
    monkeypatch.setattr(model, "tokenize", lambda text: pytest.fail("it was tokenised"))
    with pytest.raises(PromptError, match=r"40,000 characters.*at most 32,768"):
        cached.run_prompt(cached.Run(model.spec, "x" * 40_000))


def test_traces_and_contributions_are_bounded_by_their_bytes():
    assert cached.kept.max_bytes == 2000 * 2**20
    wait_for_background()  # pages before this one read ahead
    cached.kept.clear()
    run = cached.Run(ModelSpec("untrained"), "bounded")
    trace = cached.run_prompt(run)
    assert cached.kept.n_bytes == trace.n_bytes
    target = llm_tt.attribute(cached.open_model(run.spec), trace, "relp").target
    shares = [cached.contributions_of(run, method, target) for method in ("ifr", "relp")]
    assert cached.kept.n_bytes == trace.n_bytes + sum(share.n_bytes for share in shares)
    assert cached.run_prompt(run) is trace
    elsewhere = replace(target, position=1)
    assert cached.contributions_of(run, "ifr", elsewhere) is shares[0]  # the same for every target
    assert cached.contributions_of(run, "relp", elsewhere) is not shares[1]


def test_a_click_on_a_state_fills_the_inspector(small_world):
    model, trace = small_world
    page = click(page_of_link(prompt=PROMPT), "selection", part="L2.post@3")
    assert not page.exception
    assert "L2.post" in words(page)
    assert HINT not in words(page)
    part = Part.named("L2.post@3")
    reading = read_state(model, trace, part, top=10)
    predicted, written = (table.value for table in page.dataframe)
    assert predicted.token.tolist() == [visible_token(token) for token in reading.ranking.token_strings]
    assert predicted.probability.tolist() == pytest.approx(
        [100 * share for share in reading.ranking.probabilities]
    )
    writers = writers_of(llm_tt.attribute(model, trace), part, top=10)
    assert written.iloc[:, 2].tolist() == pytest.approx([100 * weight for weight in writers.weights])


@pytest.mark.parametrize("method", ["ifr", "relp", "gradact"])
def test_a_click_on_an_edge_shows_the_weight_that_the_library_gives_it(method, small_world):
    model, trace = small_world
    page = click(page_of_link(prompt=PROMPT, method=method), "selection", part="L1H2@3-7")
    shares = llm_tt.attribute(model, trace, method)
    weight = weight_text(float(shares.attention[1, 2, 7, 3]), unit_of(shares))
    assert not page.exception
    assert f"{weight} {'of L1.mid' if method == 'ifr' else 'towards the target'}" in words(page)


def test_a_click_above_a_token_traces_its_prediction(small_world):
    _, trace = small_world
    page = click(page_of_link(prompt=PROMPT), "target", position=3)
    graph = graph_of(page)
    assert graph["targetPosition"] == 3
    assert link_of(page)["at"] == "3"
    best = graph["predictions"][3]
    assert best["probability"] == pytest.approx(float(trace.logits[3].softmax(-1).max()))
    assert graph["targetLabel"] == f"{best['token']}  {percent_text(best['probability'])}"
    assert page.dataframe[0].value.token[0] == best["token"]
    assert click(page, "target", position=7).query_params.get("at") is None  # the last one needs no word


def test_the_same_graph_keeps_its_name_and_another_has_another():
    page = page_of_link(prompt=PROMPT)
    first = graph_of(page)
    click(page, "target", position=3)
    assert graph_of(page)["run"] == first["run"]  # Flow is the same for every target
    choice_of(page, "method").set_value("relp").run()
    assert graph_of(page)["run"] != first["run"]
    assert graph_of(page)["prompt"] == first["prompt"]


def test_a_click_that_belongs_to_another_prompt_is_passed_over():
    page = page_of_link(prompt=PROMPT)
    click(page, "selection", part="L2.post@3", prompt="another")
    click(page, "target", position=3, prompt="another")
    assert link_of(page) == {"method": "ifr"}
    assert graph_of(page)["targetPosition"] == 7


def test_prompts_are_told_apart_by_their_tokens_and_their_model():
    run = cached.Run(ModelSpec("untrained"), "text")
    name = name_of_prompt(run, (1, 2))
    assert name == name_of_prompt(cached.Run(ModelSpec("untrained"), "other text"), (1, 2))
    assert name != name_of_prompt(run, (1, 3))
    assert name != name_of_prompt(cached.Run(ModelSpec("untrained", dtype="bfloat16"), "text"), (1, 2))
    assert len(name) == 16


def test_closing_the_card_goes_back_to_the_prediction():
    page = page_of_link(prompt=PROMPT, select="L2.post@3")
    page.button(key="close-card").click().run()
    assert not page.exception
    assert HINT in words(page)
    assert "select" not in link_of(page)
