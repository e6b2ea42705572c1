"""Where a part of a prompt stands among its tokens."""

from itertools import accumulate

from llm_tt.errors import PromptError
from llm_tt.model.prompt import Prompt


def positions_of_text(prompt: Prompt, text: str) -> tuple[int, ...]:
    """The positions of all tokens that have a character of its first occurrence.

    Empty where tokens do not spell the prompt letter by letter, as with characters of several tokens.

    Raises:
        PromptError: it does not stand in the prompt.
    """
    begin = prompt.text.find(text)
    if begin < 0:
        raise PromptError(
            asked="Find the subject in its prompt.",
            found=f"The subject {text!r} does not stand in the prompt.",
            remedy="Write it letter by letter as the prompt has it.",
        )
    typed = [place for place in range(len(prompt)) if place not in prompt.added_positions]
    strings = [prompt.token_strings[place] for place in typed]
    if "".join(strings) != prompt.text:
        return ()
    ends = list(accumulate(map(len, strings)))
    end = begin + len(text)
    return tuple(
        place
        for place, string, last in zip(typed, strings, ends, strict=True)
        if last - len(string) < end and last > begin
    )
