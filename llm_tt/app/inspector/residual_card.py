"""The card of a residual edge: what a sum took over from the state before."""

from llm_tt.app.inspector.choosing import Choose
from llm_tt.app.inspector.promotion_section import show_promotion
from llm_tt.app.view import View
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part


def show_residual_card(view: View, part: Part, choose: Choose) -> None:
    """What it carries, read as tokens; the header leads to the states at its ends."""
    show_promotion(view, written_by(view.model, view.trace, part), part.position)
