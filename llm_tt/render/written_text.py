"""Text that a model wrote, token by token, with the tokens marked at which two runs part."""

from collections.abc import Collection, Sequence
from html import escape

from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token

STYLE = """<style>
.written { line-height: 1.75; overflow-wrap: anywhere; white-space: pre-wrap; }
.written .prompt { opacity: .55; }
.written .token { border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
.written .parts { background: color-mix(in srgb, #d9822b 32%, transparent); border-bottom-color: #d9822b; }
</style>"""


def written_html(prompt: str, tokens: Sequence[tuple[str, float]], marked: Collection[int]) -> str:
    """HTML of a prompt and the tokens behind it, each with its probability; what they say is only text."""
    spans = [
        f'<span class="token{" parts" if place in marked else ""}" '
        f'title="{escape(visible_token(string))}  {percent_text(probability)}">{_text(string)}</span>'
        for place, (string, probability) in enumerate(tokens)
    ]
    return f'{STYLE}<div class="written"><span class="prompt">{escape(prompt)}</span>{"".join(spans)}</div>'


def _text(token: str) -> str:
    """A token as it reads; what would vanish is made visible."""
    return escape(token if token.strip(" \n") else token.replace("\n", "⏎\n")) or "∅"
