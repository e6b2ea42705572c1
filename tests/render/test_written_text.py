"""What a model wrote is shown as text, whatever it is."""

from html.parser import HTMLParser

from llm_tt.render.written_text import written_html

NASTY = "</span><img src=x onerror=alert(1)>"


class Reader(HTMLParser):
    """Elements, the text of marked ones, and all text."""

    def __init__(self):
        super().__init__()
        self.elements, self.text, self.titles, self.marked = [], "", [], []

    def handle_starttag(self, tag, attributes):
        """Note it."""
        found = dict(attributes)
        self.elements.append((tag, found.get("class")))
        if "title" in found:
            self.titles.append(found["title"])

    def handle_data(self, data):
        """Note it."""
        if self.elements[-1][0] != "style":
            self.text += data
        if self.elements[-1][1] == "token parts":
            self.marked.append(data)


def read(*arguments) -> Reader:
    reader = Reader()
    reader.feed(written_html(*arguments))
    return reader


def test_prompt_and_tokens_in_order_with_probabilities():
    reader = read("One cat", [(" sat", 0.5), (".", 1.0)], {1})
    assert reader.text.strip() == "One cat sat."
    assert reader.titles == ["·sat  50.0 %", ".  100.0 %"]
    assert reader.marked == ["."]


def test_nothing_is_read_as_html():
    reader = read(NASTY, [(NASTY, 0.1)], ())
    assert reader.text.strip() == NASTY + NASTY
    assert [tag for tag, _ in reader.elements] == ["style", "div", "span", "span"]


def test_what_would_vanish_is_visible():
    assert read("", [("\n", 0.1), ("", 0.1)], ()).text.strip() == "⏎\n∅"
