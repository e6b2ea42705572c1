"""One to three layers at one position, down to single neurons: what flows where, and how each part reads."""

from llm_tt.anatomy.building import flow as flow
from llm_tt.anatomy.model_overview import model_overview as overview
from llm_tt.anatomy.norm_effect import norm_effect as effect_of_norm
from llm_tt.anatomy.steady_neurons import steady_neurons as always_active

__all__ = ["always_active", "effect_of_norm", "flow", "overview"]
