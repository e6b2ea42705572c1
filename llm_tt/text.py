"""Text that is text: JSON, file names and pages can spell halves of characters."""


def half_character(text: str) -> int | None:
    """Where the first half of a surrogate pair is, which no file, page or tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        return problem.start
    return None
