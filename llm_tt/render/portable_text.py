"""Text that leaves us: what no file of text can hold is marked."""


def portable(text: str) -> str:
    """Text that every reader takes: no half of a surrogate pair, and no zero byte."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
