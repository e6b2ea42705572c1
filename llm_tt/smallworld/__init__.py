"""The small world: a little language model that this project trains itself, and the questions it can answer.

`generate` writes prompts with known answers; the shipped model lies in `WEIGHTS_FOLDER`.
"""

from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.prompts import TaskPrompt

__all__ = ["TaskPrompt", "generate", "task_names"]
