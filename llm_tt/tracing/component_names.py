"""How people write the names of components, and the one way in which we write them.

    L9H6     9.6   a9.h6   l9 h6   blocks.9.attn.hook_z.6   blocks.9.attn.hook_result.6
    L3N1204  l3 n1204      blocks.3.mlp.hook_post.1204
    L10.mlp  L10 mlp       m10   MLP 10   blocks.10.hook_mlp_out
    L9.post  l9 post       blocks.9.hook_resid_post   blocks.10.hook_resid_pre

Each may have a position behind `@`, which stays as it is. Names such as `blocks.9.hook_resid_mid` are
TransformerLens' own. The search boxes of the pictures read names by the same table
(render/canvas/component_names.js); a test holds the two together.
"""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Final

_NUMBER: Final = "0*([0-9]{1,9})"
_GAP: Final = "[ \t\xa0]*"
_ANY_CASE: Final = re.IGNORECASE | re.ASCII

_SPELLINGS: Final = tuple(
    (re.compile(pattern.replace("#", _NUMBER).replace("_", _GAP).replace("~", "_"), _ANY_CASE), name)
    for pattern, name in (
        (r"[la]?#_\.?_h_#", "L{}H{}"),
        (r"[la]?#_\._#", "L{}H{}"),
        (r"l#_\.?_n_#", "L{}N{}"),
        (r"l#[ \t\xa0.]*(?:mlp|ffn)", "L{}.mlp"),
        (r"(?:mlp|ffn|m)_#", "L{}.mlp"),
        (r"l#[ \t\xa0.]+(mid|post)", "L{}.{}"),
        (r"l#[ \t\xa0.]+(mid|post)[ \t\xa0.]+residual", "L{}.{}.residual"),
        (r"l#[ \t\xa0.]*(?:attention|attn)", "L{}.attention"),
        (r"blocks\.#\.attn\.hook~(?:z|result)\.#", "L{}H{}"),
        (r"blocks\.#\.mlp\.hook~post\.#", "L{}N{}"),
        (r"blocks\.#\.hook~mlp~out", "L{}.mlp"),
        (r"blocks\.#\.hook~resid~(mid|post)", "L{}.{}"),
    )
)
"""In these patterns `#` is a number, `_` a gap or none, and `~` an underscore."""

_ENTERING: Final = re.compile(rf"blocks\.{_NUMBER}\.hook_resid_pre", _ANY_CASE)
_OF_ALL: Final = re.compile(
    r"blocks\.[0-9]+\.(?:attn\.hook_(?P<heads>z|result)|mlp\.hook_post)(?:@.*)?", _ANY_CASE
)

_LONGEST: Final = 100
"""Characters of a name, position and all."""

_ALIKE: Final = 0.5
"""How much of two names agrees, at least, before the one is offered for the other."""


def canonical(text: str) -> str:
    """The name as we write it; a text that spells no component is returned as it is."""
    if len(text) > _LONGEST:
        return text
    written, at, position = text.partition("@")
    entering = _ENTERING.fullmatch(written)
    if entering is not None:
        layer = int(entering[1])
        return f"L{layer - 1}.post{at}{position}" if layer else f"embed{at}{position}"
    for pattern, name in _SPELLINGS:
        found = pattern.fullmatch(written)
        if found is not None:
            return name.format(*(group.lower() for group in found.groups())) + at + position
    return text


def remedy_for(text: str, kinds: Sequence[str], is_name: Callable[[str], bool], usual: str) -> str:
    """What to say to a person whose name means nothing: the nearest one that does, and how names look.

    Args:
        text: What was typed.
        kinds: How names look, with `{a}`, `{b}` for numbers and `{c}`, `{d}` for positions; of equally near
            ones the first is offered.
        is_name: Tells whether a name means something.
        usual: How names look, as a sentence.
    """
    of_all = _OF_ALL.fullmatch(text)
    if of_all is not None:
        what = "head" if of_all["heads"] else "neuron"
        name, at, position = text.partition("@")
        return f"That hook holds every {what} of the layer: say which, as in {name}.0{at}{position}."
    nearest = _nearest(text[:_LONGEST], kinds, is_name)
    return f"Did you mean {nearest}? {usual}" if nearest else usual


def _nearest(text: str, kinds: Sequence[str], is_name: Callable[[str], bool]) -> str | None:
    """Of all kinds of names, with the numbers that were typed, the one that looks most like the text."""
    name, _, position = canonical(text).partition("@")
    typed = re.findall("[0-9]{1,9}", name)[:2]
    numbers, places = ([*found, "0", "0"] for found in (typed, re.findall("[0-9]{1,9}", position)[:2]))
    offered = [
        kind.format(a=numbers[0], b=numbers[1], c=places[0], d=places[1])
        for kind in kinds
        if typed or "{a}" not in kind
    ]
    alike = {
        candidate: SequenceMatcher(None, canonical(text).lower(), candidate.lower()).ratio()
        for candidate in filter(is_name, offered)
    }
    best = max(alike, key=alike.__getitem__, default=None)
    return best if best is not None and alike[best] >= _ALIKE else None
