"""What is measured of each prompt."""

from dataclasses import asdict, dataclass
from typing import Literal, cast, get_args

from llm_tt.attribution.baseline import BaselineName
from llm_tt.attribution.method_list import METHODS, SIGNED_METHOD, Method
from llm_tt.errors import AttributionError

TargetSource = Literal["answer", "prediction"]
ContrastSource = Literal["foil", "none"]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Plain values: they are part of what identifies a job."""

    methods: tuple[Method, ...] = (SIGNED_METHOD,)
    target: TargetSource | None = None
    """What is explained: the entry's answer, or the model's own prediction. None: the answer where there is
    one; "answer" refuses entries without."""
    contrast: ContrastSource | None = None
    """Against what: the entry's foil, or nothing. None: the foil where there is one and the answer is
    explained."""
    density: float = 0.1
    """Share of the edges that the graph keeps."""
    neurons: int = 10
    """How many of the strongest neurons get a row; of signed methods."""
    edges: int = 100
    """How many of the strongest messages of the graph get a row."""
    measure: bool = True
    """Whether to run the graph alone, and a random one of its size."""
    baseline: BaselineName = "mean"

    def __post_init__(self) -> None:
        found = self._fault()
        if found is not None:
            raise AttributionError(asked="Measure many prompts.", found=found, remedy="Choose other options.")

    def to_json(self) -> dict[str, object]:
        """As it is written beside the runs."""
        return asdict(self) | {"methods": list(self.methods)}

    @classmethod
    def from_json(cls, found: dict[str, object]) -> "BatchOptions":
        """What `to_json` wrote.

        Raises:
            TypeError: there are other fields.
        """
        methods = tuple(cast("list[Method]", found.get("methods", [])))
        return cls(**(found | {"methods": methods}))  # type: ignore[arg-type]

    def _fault(self) -> str | None:
        unknown = [method for method in self.methods if method not in METHODS]
        if unknown or not self.methods:
            return f"The methods are {', '.join(METHODS)}; got {', '.join(unknown) or 'none'}."
        if len(set(self.methods)) < len(self.methods):
            return "A method is named twice."
        if not 0 < self.density <= 1:
            return f"A density is above 0 and at most 1; got {self.density}."
        if self.neurons < 0 or self.edges < 0:
            return "Numbers of neurons and edges are 0 or more."
        for value, known in (
            (self.target, (None, *get_args(TargetSource))),
            (self.contrast, (None, *get_args(ContrastSource))),
            (self.baseline, get_args(BaselineName)),
        ):
            if value not in known:
                return f"{str(value)[:40]!r} is none of {', '.join(map(str, known))}."
        return None
