"""A picture with a panel as HTML that needs nothing else: a page in one file, or a notebook's output.

What tokens say travels inside of the payload, in letters that mean nothing to HTML.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Final

from llm_tt.render import anatomy_view, flow_view
from llm_tt.render.portable_text import portable


@dataclass(frozen=True, slots=True)
class PictureCode:
    """The code that draws payloads of one sort where no dashboard is."""

    module: Callable[[], str]
    stylesheet: Callable[[], str]


FLOW: Final = PictureCode(flow_view.standalone_module, flow_view.standalone_stylesheet)
ANATOMY: Final = PictureCode(anatomy_view.standalone_module, anatomy_view.standalone_stylesheet)

_PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; img-src data: blob:">
<link rel="icon" href="data:,">
<title>$title</title>
<style>
$style
</style>
</head>
<body>
<h1>$title</h1>
<main><div class="picture"></div><aside class="panel" aria-live="polite"></aside></main>
<script type="module">
$module
window.standaloneView = openPage("$payload", $news, $view);
</script>
</body>
</html>
""")

_OUTPUT: Final = Template("""<div id="$name"></div>
<script type="module">
$module
openInNotebook(document.getElementById("$name"), $style, "$payload", $news, null);
</script>
""")


def standalone_html(
    picture: PictureCode,
    payload: bytes,
    *,
    title: str,
    news: Mapping[str, object] | None = None,
    view: Mapping[str, object] | None = None,
) -> str:
    """A page of its own, which opens anywhere and asks no network.

    `news` is what a dashboard tells the graph later, `view` the cut, pins and selection to begin with.
    """
    return _PAGE.substitute(
        title=escape(portable(title)),
        style=picture.stylesheet(),
        module=picture.module(),
        payload=b64encode(payload).decode(),
        news=_as_script(news),
        view=_as_script(view),
    )


def notebook_html(picture: PictureCode, payload: bytes, *, news: Mapping[str, object] | None = None) -> str:
    """The same as one of many outputs: nothing of it reaches out of its own element."""
    return _OUTPUT.substitute(
        name=f"llm-tt-{secrets.token_hex(8)}",
        style=_as_script(picture.stylesheet()),
        module=picture.module(),
        payload=b64encode(payload).decode(),
        news=_as_script(news),
    )


def _as_script(value: object) -> str:
    """A value as JavaScript inside of HTML: whatever a token says, it ends no script."""
    written = json.dumps(value, allow_nan=False)
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
