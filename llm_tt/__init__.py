"""llm_tt: information-flow graphs of decoder language models.

    import llm_tt

    model = llm_tt.load_model("small-world")     # or a folder, or a hub name
    trace = llm_tt.capture(model, "When Mary and John went to the store, John gave a drink to")
    tokens = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=10)

Names are imported when they are first used: `import llm_tt` costs nothing, `llm_tt.load_model` imports torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llm_tt.errors import LlmTtError as LlmTtError
    from llm_tt.lens.token_ranking import TokenRanking as TokenRanking
    from llm_tt.lens.token_ranking import rank_tokens as rank_tokens
    from llm_tt.model.language_model import LanguageModel as LanguageModel
    from llm_tt.model.loading import load_model as load_model
    from llm_tt.model.prompt import Prompt as Prompt
    from llm_tt.model.spec import ModelSpec as ModelSpec
    from llm_tt.tracing.forward import capture as capture
    from llm_tt.tracing.trace import ForwardTrace as ForwardTrace

__version__ = "0.1.0"

_HOMES = {
    "ForwardTrace": "llm_tt.tracing.trace",
    "LanguageModel": "llm_tt.model.language_model",
    "LlmTtError": "llm_tt.errors",
    "ModelSpec": "llm_tt.model.spec",
    "Prompt": "llm_tt.model.prompt",
    "TokenRanking": "llm_tt.lens.token_ranking",
    "capture": "llm_tt.tracing.forward",
    "load_model": "llm_tt.model.loading",
    "rank_tokens": "llm_tt.lens.token_ranking",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module 'llm_tt' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
