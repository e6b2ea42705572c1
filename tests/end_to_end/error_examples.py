"""Errors as people meet them: each is caused here, and `docs/errors.md` is written from what it says.

python -m tests.end_to_end.error_examples
"""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import llm_tt
from llm_tt.batch.ray_cluster import RayWorkers
from llm_tt.batch.ray_running import run_batch_on_ray
from llm_tt.errors import LlmTtError
from llm_tt.settings import load_settings
from llm_tt.tracing.prompt_files import read_prompts

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
LOCAL = Path(__file__).parents[2] / "config" / "local.toml"
PROMPT = "When Mary and John went to the store, John gave a drink to"

HEAD = """# Errors

What went wrong is said in three parts: what was asked, what was found, what to do. A page shows them in one
box, the command line as three lines on stderr with exit code 1, and the library raises a class of its own
with the fields `asked`, `found` and `remedy`. All are `llm_tt.LlmTtError`; the tree stands in
[llm_tt/errors.py](../llm_tt/errors.py). A dashboard for visitors (`config/hosted.toml`) does not tell them
about its folders.

Each line below was caused by what stands beside it: `python -m tests.end_to_end.error_examples` writes this
page, and a test compares.

"""


def model():
    return llm_tt.load_model("small-world")


def trace():
    return llm_tt.capture(model(), PROMPT)


def attributed(*arguments, **options):
    return llm_tt.attribute(model(), trace(), *arguments, **options)


def graph():
    return llm_tt.build_graph(attributed())


def written(name: str, content: str) -> Path:
    folder = Path(tempfile.mkdtemp()) / "my-model"
    folder.mkdir()
    place = folder / name
    place.write_text(content, encoding="utf-8")
    return place


EXAMPLES: dict[str, Callable[[], object]] = {
    'load_model("./my-modle")': lambda: llm_tt.load_model("./my-modle"),
    "a folder without config.json": lambda: llm_tt.load_model(str(written("notes.txt", "").parent)),
    "a settings file with a typo": lambda: load_settings(
        written("local.toml", "colour = 5\n" + LOCAL.read_text(encoding="utf-8"))
    ),
    'capture(model, "")': lambda: llm_tt.capture(model(), ""),
    "a prompt of 5,000 tokens": lambda: llm_tt.capture(model(), " Mary" * 5000),
    "a file of prompts with a broken line": lambda: read_prompts(
        "prompts.jsonl", b'{"prompt": "a"}\n{"prompt"}'
    ),
    'target_token="Mary has"': lambda: attributed("relp", target_token="Mary has"),
    "target_position=99": lambda: attributed("relp", target_position=99),
    'contrast_token=" Mary"': lambda: attributed("relp", target_token=" Mary", contrast_token=" Mary"),
    'Part.named("L9X6")': lambda: llm_tt.Part.named("L9X6"),
    "target_token=3014": lambda: attributed("relp", target_token=3_014),
    'attribute(..., "ifr", target_token=" Mary")': lambda: attributed("ifr", target_token=" Mary"),
    "prune(threshold=0.1, density=0.1)": lambda: graph().prune(threshold=0.1, density=0.1),
    "prune(density=2.0)": lambda: graph().prune(density=2.0),
    "check_faithfulness of an empty graph": lambda: llm_tt.check_faithfulness(
        model(), trace(), graph().prune(threshold=5.0)
    ),
    'save_graph(graph, "mary.grafml")': lambda: llm_tt.save_graph(graph(), "mary.grafml"),
    'save_graph(graph, "no-such-folder/mary.svg")': lambda: llm_tt.save_graph(
        graph(), "no-such-folder/mary.svg"
    ),
    'FlowGraph.load("README.md")': lambda: llm_tt.FlowGraph.load("README.md"),
    "Ablate.head(9, 0) in a model of 4 layers": lambda: llm_tt.run_with_edits(
        model(), PROMPT, [llm_tt.Ablate.head(9, 0)]
    ),
    "Basket.from_json of something else": lambda: llm_tt.Basket.from_json("{}"),
    "a file of names that is none": lambda: llm_tt.Notebook.in_memory(model()).merge_json("[]"),
    "anatomy.flow(..., layers=[0, 2])": lambda: llm_tt.anatomy.flow(model(), trace(), [0, 2]),
    "a run that would not fit": lambda: llm_tt.capture(model(), PROMPT, memory_limit=1000),
    'run_batch(model, "prompts.txt", "runs.parquet"), where prompts.txt is empty': lambda: llm_tt.run_batch(
        model(), written("prompts.txt", ""), "runs.parquet"
    ),
    'run_batch(model, prompts, "prompts.txt"), the file itself': lambda: llm_tt.run_batch(
        model(), written("prompts.txt", PROMPT), written("prompts.txt", "")
    ),
    'run_batch_on_ray(..., where=RayWorkers("nowhere:::"))': lambda: run_batch_on_ray(
        model(), written("prompts.txt", PROMPT), Path(tempfile.mkdtemp()), where=RayWorkers("nowhere:::")
    ),
    'open_runs("README.md")': lambda: llm_tt.open_runs(PAGE.parents[1] / "README.md"),
    "compare: models that read other tokens": lambda: llm_tt.compare(
        llm_tt.explain(model(), PROMPT), llm_tt.explain(llm_tt.load_model("untrained"), PROMPT)
    ),
    "compare(...).difference(): shares and logits": lambda: llm_tt.compare(
        llm_tt.explain(model(), PROMPT, "ifr"), llm_tt.explain(model(), PROMPT, "relp")
    ).difference(threshold=0.1),
}


def page() -> str:
    """The document."""
    rows = ["| when | class | what it says |", "|---|---|---|"]
    for call, cause in EXAMPLES.items():
        error = caused(cause)
        said = " ".join((error.asked, error.found, error.remedy))
        said = re.sub(r"'?/\S*/([^/'\s]+)'?", r"\1", said).replace(
            "|", "\\|"
        )  # whose machine it was is no matter
        when = f"`{call}`" if "(" in call or "=" in call else call
        rows.append(f"| {when} | `{type(error).__name__}` | {said} |")
    return HEAD + "\n".join(rows) + "\n"


def caused(cause: Callable[[], object]) -> LlmTtError:
    """The error that something causes."""
    try:
        cause()
    except LlmTtError as error:
        return error
    message = "Nothing went wrong."
    raise AssertionError(message)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
