"""One line and one band a ranking, on a logarithmic axis."""

from llm_tt.faithfulness.statistics import Interval
from llm_tt.render.faithfulness_figure import faithfulness_figure


def test_lines_and_bands():
    retained = {
        "relp": [Interval(0.2, 0.1, 0.3), Interval(0.9, 0.8, 1.0)],
        "random": [Interval(0.0, -0.1, 0.1), Interval(0.1, 0.0, 0.2)],
    }
    figure = faithfulness_figure([0.01, 0.1], retained, "a task")
    assert [trace.name for trace in figure.data if trace.name] == ["relp", "random"]
    band, line = figure.data[:2]
    assert list(line.y) == [0.2, 0.9]
    assert list(band.y) == [0.3, 1.0, 0.8, 0.1]
    assert list(band.x) == [0.01, 0.1, 0.1, 0.01]
    assert figure.data[3].line.dash == "dot"
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.title.text == "a task"
