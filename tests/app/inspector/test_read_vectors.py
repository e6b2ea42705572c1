"""What several parts promote is read at once, each at its own position."""

from llm_tt.app.inspector.read_vectors import promoted_by_parts
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part

PARTS = [Part.named(name) for name in ("L1H2@2-9", "L0.mlp@3", "L1.mid.residual@16")]


def test_each_as_if_it_were_read_alone(view):
    for part, tokens in zip(PARTS, promoted_by_parts(view, PARTS), strict=True):
        vector = written_by(view.model, view.trace, part)
        alone = promoted_tokens(view.model, view.trace, vector, part.position, top=3)
        assert tokens == alone.promoted.token_strings


def test_of_nothing_there_is_nothing(view):
    assert promoted_by_parts(view, []) == []
