"""What several parts promote, for a column of a table: one product with the unembedding for all."""

from collections.abc import Sequence

import torch

from llm_tt.app.view import View
from llm_tt.lens.promotion import promoted_by_each
from llm_tt.lens.written import written_by
from llm_tt.model.check_up import Capability
from llm_tt.tracing.parts import Part


def promoted_by_parts(view: View, parts: Sequence[Part], top: int = 3) -> list[tuple[str, ...]]:
    """The strongest tokens of each part; empty where this model's vectors cannot be read."""
    if not parts or not view.model.self_test.has(Capability.LENS):
        return []
    vectors = torch.stack([written_by(view.model, view.trace, part) for part in parts])
    return promoted_by_each(view.model, view.trace, vectors, [part.position for part in parts], top=top)
