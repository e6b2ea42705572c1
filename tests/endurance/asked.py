"""What a visitor has asked for: the page must show what the library alone computes for it."""

from dataclasses import dataclass, field, replace

from llm_tt.intervention.edits import Edit

SIGNED = "relp"
"""What naming a token changes flow routes into."""

FIRST_PROMPT = "When Mary and John went to the store, John gave a drink to"
"""What the dashboard begins with."""

_FRAME = ("prompt", "edits", "position")
_TOKENS = ("token", "contrast")
IN_ADDRESS = {
    "Flow": (*_FRAME, *_TOKENS, "method", "compared", "shown"),
    "Trace": (*_FRAME, *_TOKENS),
    "Intervene": (*_FRAME, *_TOKENS),
    "Anatomy": (*_FRAME, *_TOKENS),
    "Concepts": (*_FRAME, *_TOKENS, "query"),
    "Compare": (*_FRAME, *_TOKENS, "method", "other_prompt", "compare_view"),
    "Roles": (),
}
"""What each page's link carries, beside the model."""


@dataclass
class Asked:
    """Kept by hand beside the page, by its rules; nothing here is read from the page."""

    model: str
    prompt: str
    method: str = "ifr"
    compared: str | None = None
    token: str | None = None
    contrast: str | None = None
    position: int | None = None
    """None is the last one."""
    edits: list[tuple[Edit, bool]] = field(default_factory=list)
    """Each with whether it is switched on."""
    before: list[list[tuple[Edit, bool]]] = field(default_factory=list)
    """The way back."""
    shown: str = "base"
    page: str = "Flow"
    query: str = ""
    other_prompt: str = ""
    compare_view: str = "sides"

    def copy(self) -> "Asked":
        """One that can be changed."""
        return replace(self, edits=list(self.edits), before=[list(edits) for edits in self.before])

    def put_prompt(self, prompt: str) -> None:
        """Another prompt: its predictions are others, so what was chosen of them is forgotten."""
        if prompt != self.prompt:
            self.prompt = prompt
            self.token = self.contrast = self.position = None

    def put_model(self, model: str) -> None:
        """Another model has other predictions, too."""
        if model != self.model:
            self.model = model
            self.token = self.contrast = self.position = None

    def name_token(self, which: str, text: str) -> None:
        """Flow routes know no target, so a method that does takes over."""
        setattr(self, which, text)
        if self.method == "ifr":
            self.put_method(SIGNED)

    def put_method(self, method: str) -> None:
        """A method is not compared with itself."""
        self.method = method
        if self.compared == method:
            self.compared = None

    def put_edits(self, edits: list[tuple[Edit, bool]]) -> None:
        """Another list; the one before can be brought back."""
        self.before.append(self.edits)
        self.edits = edits

    def undo(self) -> None:
        """The list before."""
        self.edits = self.before.pop()

    def after_reload(self, *, is_edited: bool) -> None:
        """What is not in the address of this page is gone; a choice of runs is there where one is edited."""
        fresh = Asked(self.model, FIRST_PROMPT)
        if not is_edited:
            self.shown = fresh.shown
        for name in set(fresh.__dict__) - {"model", "page", *IN_ADDRESS[self.page]}:
            setattr(self, name, getattr(fresh, name))

    def said(self) -> str:
        """In one line, for the log."""
        edits = " ".join(f"{'' if on else 'off:'}{edit}" for edit, on in self.edits)
        prompt = self.prompt if len(self.prompt) < 50 else f"{self.prompt[:30]}… ({len(self.prompt)})"
        return (
            f"{self.page} {self.model} {prompt!r} {self.method} compared={self.compared} token={self.token} "
            f"contrast={self.contrast} at={self.position} shown={self.shown} edits=[{edits}] "
            f"q={self.query!r} B={self.other_prompt[:40]!r}"
        )
