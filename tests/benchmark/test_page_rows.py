"""Where no page can be opened, the table says why."""

from llm_tt.benchmark import live_page, page_rows
from llm_tt.benchmark.row import Row
from llm_tt.settings import bundled

LOCAL = bundled("config/local.toml")


def test_without_playwright(monkeypatch):
    monkeypatch.setattr(live_page, "find_spec", lambda _: None)
    (row,) = page_rows.page_rows(LOCAL)
    assert row == Row.missing("the page in Chromium", "needs Playwright: pip install playwright")


def test_without_chromium(monkeypatch):
    monkeypatch.setattr(live_page.shutil, "which", lambda _: None)
    (row,) = page_rows.page_rows(LOCAL)
    assert row.spread == "needs Chromium, such as: apt-get install chromium"
    assert row.reached is None


def test_a_shape_has_three_rows(monkeypatch):
    class Page:
        def goto(self, address):
            assert address.startswith("http://here/?model=small-world&prompt=When%20Mary")

        def evaluate(self, _):
            return 14

        def close(self):
            closed.append(self)

    class Browser:
        def new_page(self, viewport):
            assert viewport["width"] == 1500
            return Page()

    closed = []
    monkeypatch.setattr(page_rows, "wait_for_first_graph", lambda _: None)
    monkeypatch.setattr(page_rows, "wait_for_everything", lambda _: None)
    monkeypatch.setattr(page_rows, "slides", lambda _: [0.010, 0.020, 0.060])
    monkeypatch.setattr(page_rows, "clicks", lambda _: [0.4])
    shape = page_rows.Shape("toy", "small-world", 58, 0.050)
    start, slider, click = page_rows._shape_rows(Browser(), "http://here", shape, started=0.0)
    assert (start.work, start.reached) == ("toy: start of the app to first graph", False)
    assert (slider.measured, slider.goal, slider.reached) == ("20 ms", "≤ 50 ms", True)
    assert (click.goal, click.reached) == ("≤ 300 ms", False)
    assert {row.n_tokens for row in (start, slider, click)} == {14}
    assert len(closed) == 1


def test_a_page_that_fails_is_a_row(monkeypatch):
    def fail(_):
        raise OSError(*["no room"])

    monkeypatch.setattr(page_rows, "what_is_missing", lambda: None)
    monkeypatch.setattr(page_rows, "save_deep", fail)
    (row,) = page_rows.page_rows(LOCAL)
    assert row == Row.missing("the page in Chromium", "no room")
