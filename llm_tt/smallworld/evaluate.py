"""`python -m llm_tt.smallworld.evaluate`: how well the shipped model answers, task by task."""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.model import WEIGHTS_FOLDER
from llm_tt.smallworld.scoring import Score, score
from llm_tt.smallworld.shipping import JUDGED_PROMPTS

SEED = 2024
"""Other prompts than those that the training run was judged by."""


def open_model(folder: Path = WEIGHTS_FOLDER) -> tuple[GPT2LMHeadModel, Tokenizer]:
    """The model in single precision, its attention computed step by step so that it can be read."""
    model = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").float().eval()
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def evaluate(folder: Path, prompts: int, *, with_start: bool = False) -> list[Score]:
    """All tasks on held-out prompts."""
    model, tokenizer = open_model(folder)
    return [
        score(model, tokenizer, generate(task, prompts, SEED, "held_out"), with_start=with_start)
        for task in task_names()
    ]


def as_table(scores: list[Score]) -> Table:
    """Task, prompts, accuracy and margin."""
    table = Table(title="Small world on held-out prompts")
    table.add_column("task")
    for column in ("prompts", "top-1 accuracy", "right minus wrong"):
        table.add_column(column, justify="right")
    for result in scores:
        table.add_row(result.task, str(result.prompts), f"{result.accuracy:.3f}", f"{result.margin:.3f}")
    return table


def main(arguments: list[str] | None = None) -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m llm_tt.smallworld.evaluate", description=__doc__)
    parser.add_argument("--folder", type=Path, default=WEIGHTS_FOLDER)
    parser.add_argument("--prompts", type=int, default=JUDGED_PROMPTS, help="held-out prompts a task")
    parser.add_argument(
        "--with-start", action="store_true", help="put <|endoftext|> in front of every prompt"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    chosen = parser.parse_args(arguments)
    scores = evaluate(chosen.folder, chosen.prompts, with_start=chosen.with_start)
    if chosen.json:
        rows = [
            {"task": s.task, "prompts": s.prompts, "accuracy": s.accuracy, "margin": s.margin} for s in scores
        ]
        Console().print_json(json.dumps(rows))
    else:
        Console().print(as_table(scores))


if __name__ == "__main__":
    main()
