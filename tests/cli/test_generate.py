"""`llm-tt generate`: text that the model writes on."""

from tests.cli.running import PROMPT, answered, said


def write(*options):
    return said("generate", "small-world", PROMPT, "--tokens", "1", *options)


def test_prompt_and_text_go_to_stdout():
    assert write() == f"{PROMPT} Mary\n"
    assert write("--edit", "L2H1") == f"{PROMPT} John\n"
    drawn = {write("--temperature", "5", "--seed", str(seed)) for seed in range(4)}
    assert len(drawn) > 1


def test_a_long_text_is_not_broken_into_lines():
    prompt = " ".join([PROMPT] * 6) + "\t[bold] the"
    assert said("generate", "small-world", prompt, "--tokens", "1").startswith(prompt)


def test_for_programs():
    found = answered("generate", "small-world", PROMPT, "--tokens", "3", "--edit", "L2H1*0.9")
    assert found.keys() == {"model", "prompt", "edits", "text", "ended", "tokens"}
    assert found["edits"] == ["L2H1*0.9"]
    assert found["tokens"][0].keys() == {"token", "id", "probability", "rank"}
    assert found["text"] == "".join(row["token"] for row in found["tokens"])
    assert found["text"].startswith(" Mary")
