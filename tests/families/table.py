"""The README's table of families, made from the check-ups themselves. `make families` writes it."""

from collections.abc import Callable
from pathlib import Path

import llm_tt
from llm_tt.model.check_up import Capability
from tests.families.registry import FAMILIES, build

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- families: begin -->", "<!-- families: end -->"
COLUMNS = {
    "predictions": Capability.LOGITS,
    "states": Capability.RESIDUAL,
    "logit lens": Capability.LENS,
    "attention": Capability.ATTENTION,
    "heads": Capability.HEADS,
    "neurons": Capability.NEURONS,
    "circuits": Capability.CIRCUITS,
}


def families_table(open_family: Callable[[str], llm_tt.LanguageModel]) -> str:
    """One row a family, one column a capability."""
    rows = [
        f"| family | config.json says | block | {' | '.join(COLUMNS)} |",
        f"|---|---|---|{'---|' * len(COLUMNS)}",
    ]
    for family in FAMILIES:
        model = open_family(family.name)
        marks = ["✓" if model.self_test.has(capability) else "–" for capability in COLUMNS.values()]
        block = "parallel" if model.dimensions.parallel_blocks else "sequential"
        rows.append(f"| {family.name} | `{family.model_type}` | {block} | {' | '.join(marks)} |")
    return "\n".join(rows)


def write_table() -> None:
    """Replace the table in the README."""
    from llm_tt.model.untrained import build_byte_tokenizer

    tokenizer = build_byte_tokenizer()
    by_name = {family.name: family for family in FAMILIES}
    table = families_table(lambda name: llm_tt.load_model(build(by_name[name]), tokenizer))
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_table()
