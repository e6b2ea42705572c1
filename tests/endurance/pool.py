"""What visitors type: prompts, questions, names of parts."""

from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron

PROMPTS = (
    "When Mary and John went to the store, John gave a drink to",
    "The capital of Japan is the city of",
    "The war lasted from the year 1732 to the year 17",
    "5 + 4 = 9, 2 + 3 =",
    "Lionel Messi plays for",
    "Emma 👩‍👩‍👧‍👦 and 🇯🇵 met 🤖 in Paris",
    "<b>bold</b> & <script>alert(1)</script> $x^2$ :red[no]",
    "Mary said: “naïve café”, 東京 and Ελλάδα",
    "a",
    "Tom and Anna went to the park. Anna gave a book to Tom. Tom gave a book to",
    "The keys to the old house near the river are lost, and the man who lost them says that he",
    "x = [1, 2, 3]; for y in x: print(y)",
)
"""For all models; some say something in the small world, all are bytes to the others."""

LONG_PROMPTS = tuple(
    (word * 60)[:length] for word, length in (("slowly, ", 260), ("on and on ", 300), ("letters and ", 280))
)
"""For the slow model: seconds of work."""

QUERIES = ("paris", "tokyo OR japan", "john", "*a*", "17*", "mary -john", "zzzz", "e", "the")

EDITS: tuple[tuple[str, str, float | None, Edit], ...] = (
    ("Switch off", "L2H1", None, Ablate.head(2, 1)),
    ("Switch off", "L1.mlp", None, Ablate.mlp(1)),
    ("Switch off", "L0H0", None, Ablate.head(0, 0)),
    ("Scale", "L1H2", 2.5, Scale.head(1, 2, 2.5)),
    ("Scale", "L0.mlp", -1.0, Scale.mlp(0, -1.0)),
    ("Set a neuron", "L1N3", 4.0, SetNeuron(1, 3, 4.0)),
    ("Switch off", "L3H2", None, Ablate.head(3, 2)),
)
"""As they are typed on the page Intervene, and as the library has them. Not all models have all parts."""
