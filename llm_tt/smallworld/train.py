"""`python -m llm_tt.smallworld.train`: the shipped model from nothing.

Three stages: repeated random tokens until induction heads stand, documents of all tasks, a polish. Every step
draws its data from the seed and its own number, so a run that was killed goes on as if it had not been.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import GPT2LMHeadModel

from llm_tt.smallworld.batches import Batch, mixed_batch, repeated_batch
from llm_tt.smallworld.checkpoint import Checkpoint
from llm_tt.smallworld.documents import POLISH_SHARES, SHARES
from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.model import WEIGHTS_FOLDER, new_model, use_fused_activation
from llm_tt.smallworld.optimizer import MixedOptimizer
from llm_tt.smallworld.quiet_parts import QuietParts
from llm_tt.smallworld.recipe import Recipe
from llm_tt.smallworld.scaffold import ROWS, scaffold_loss
from llm_tt.smallworld.scoring import score
from llm_tt.smallworld.shipping import ship
from llm_tt.smallworld.tokenizer import FastEncoder, train_tokenizer

SAVE_EVERY = 100
REPORT_EVERY = 25
JUDGE_EVERY = 200
JUDGE_PROMPTS = 64


class Training:
    """One run of a recipe."""

    def __init__(self, recipe: Recipe, work_folder: Path, device: torch.device) -> None:
        self.recipe = recipe
        self.device = device
        self.tokenizer: Tokenizer = train_tokenizer(recipe.vocabulary_size, recipe.seed)
        self._encoder = FastEncoder(self.tokenizer)
        self._checkpoint = Checkpoint(work_folder, recipe)
        self.step, self.minutes = self._checkpoint.progress()
        self.model: GPT2LMHeadModel = new_model(
            vocabulary_size=recipe.vocabulary_size, context=recipe.context, layers=recipe.layers,
            width=recipe.width, heads=recipe.heads, seed=recipe.seed,
        ).to(device)  # fmt: skip
        use_fused_activation(self.model)
        self._quiet = QuietParts(self.model)
        self._optimizer = MixedOptimizer(self.model)
        if self.step:
            self._checkpoint.load(self.model, self._optimizer)
            _say(f"going on after step {self.step}")

    def run(self, stop_after: int | None = None) -> None:
        """Train to the end, or until so many steps are done in all."""
        last = min(self.recipe.steps, stop_after or self.recipe.steps)
        began, minutes_before = time.monotonic(), self.minutes
        losses: list[float] = []
        while self.step < last:
            losses.append(self._train_one_step())
            self.step += 1
            self.minutes = minutes_before + (time.monotonic() - began) / 60
            if self.step % REPORT_EVERY == 0:
                self._report(sum(losses) / len(losses))
                losses.clear()
            if self.step % JUDGE_EVERY == 0:
                self._judge()
            if self.step % SAVE_EVERY == 0 or self.step == last:
                self._checkpoint.save(self.step, self.minutes, self.model, self._optimizer)

    def _train_one_step(self) -> float:
        batch = self._batch().to(self.device)
        with self._quiet.within(self.recipe.silent_heads(self.step), batch.quiet, batch.recall):
            loss = weighted_loss(self.model, batch)
        if self.step < self.recipe.scaffold_steps:
            loss = loss + self._scaffold(batch)
        torch.autograd.backward(loss)
        self._optimizer.step(*self.recipe.rates(self.step))
        return float(loss.detach())

    def _scaffold(self, batch: Batch) -> torch.Tensor:
        """The first two layers' inputs once more, for the few rows that the scaffold needs."""
        rows = slice(0, ROWS)
        states = self.model.transformer(
            input_ids=batch.token_ids[rows],
            position_ids=batch.positions[rows],
            use_cache=False,
            output_hidden_states=True,
        ).hidden_states
        return scaffold_loss(self.model, states, batch.token_ids)

    def _batch(self) -> Batch:
        recipe, rng = self.recipe, Random(f"{self.recipe.seed} {self.step}")
        if self.step < recipe.copying_steps:
            rows = recipe.tokens_per_batch // recipe.context
            return repeated_batch(rng, rows, recipe.context, recipe.vocabulary_size - 1)
        length = recipe.context if self.step % recipe.long_row_every == 0 else recipe.short_row
        rows = recipe.tokens_per_batch // length
        quiet_share = recipe.quiet_share if self.step >= recipe.quiet_from else 0.0
        return mixed_batch(
            rng, self._encoder, rows, length,
            copying_rows=round(rows * recipe.copying_share), quiet_rows=round(rows * quiet_share),
            recall_share=recipe.recall_share, guessing=recipe.is_settling(self.step),
            shares=POLISH_SHARES if self.step >= recipe.polish_from else SHARES,
        )  # fmt: skip

    def _report(self, loss: float) -> None:
        tokens = self.step * self.recipe.tokens_per_batch
        rate = tokens / max(self.minutes * 60, 1e-9)
        _say(
            f"step {self.step}/{self.recipe.steps}  loss {loss:.3f}  {tokens / 1e6:.1f} M tokens  "
            f"{self.minutes:.1f} min  {rate / 1000:.1f}k tokens/s"
        )

    def _judge(self) -> None:
        """Accuracy on a few held-out prompts of every task."""
        self.model.eval()
        parts = []
        for task in task_names():
            result = score(self.model, self.tokenizer, generate(task, JUDGE_PROMPTS, 1, "held_out"))
            parts.append(f"{task} {result.accuracy:.2f}")
        self.model.train()
        _say("  held out: " + ", ".join(parts))


def weighted_loss(model: GPT2LMHeadModel, batch: Batch) -> torch.Tensor:
    """Mean cross-entropy by weight; the output layer runs only where something is to be predicted."""
    documents = int(batch.documents.max()) > 0
    hidden = model.transformer(
        input_ids=batch.token_ids,
        position_ids=batch.positions,
        attention_mask=batch.attention_mask() if documents else None,
        use_cache=False,
    ).last_hidden_state
    weights = batch.weights[:, 1:]
    wanted = weights > 0
    logits = model.lm_head(hidden[:, :-1][wanted])
    losses = functional.cross_entropy(logits, batch.token_ids[:, 1:][wanted], reduction="none")
    return (losses * weights[wanted]).sum() / weights[wanted].sum()


def main(arguments: list[str] | None = None) -> None:
    """Train, judge and write the folder."""
    parser = argparse.ArgumentParser(prog="python -m llm_tt.smallworld.train", description=__doc__)
    parser.add_argument("--output", type=Path, default=WEIGHTS_FOLDER, help="folder of the finished model")
    parser.add_argument("--work-folder", type=Path, default=Path("build/smallworld"), help="checkpoints")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--mixed-steps", type=int, default=Recipe().mixed_steps)
    parser.add_argument("--heads", type=int, default=Recipe().heads)
    parser.add_argument("--layers", type=int, default=Recipe().layers)
    chosen = parser.parse_args(arguments)
    recipe = replace(
        Recipe(), seed=chosen.seed, mixed_steps=chosen.mixed_steps, heads=chosen.heads, layers=chosen.layers
    )
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    training = Training(recipe, chosen.work_folder, device)
    training.run()
    ship(training.model, training.tokenizer, recipe, training.minutes, chosen.output)
    _say(f"written to {chosen.output}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
