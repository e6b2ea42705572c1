"""The picture of layers as one HTML file, which opens anywhere and asks no network."""

from base64 import b64encode
from html import escape
from string import Template
from typing import Final

from llm_tt.render import anatomy_view

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
<main><div class="anatomy"></div><aside class="panel" aria-live="polite"></aside></main>
<script type="module">
$module
const find = (name) => document.querySelector(name);
window.anatomyView = openPage(find(".anatomy"), find(".panel"), "$payload");
</script>
</body>
</html>
""")


def standalone_html(payload: bytes, *, title: str) -> str:
    """A page with the picture and, beside it, a panel that shows all of what is selected.

    What tokens say travels inside of the payload, in letters that mean nothing to HTML.
    """
    return _PAGE.substitute(
        title=escape(title),
        style=anatomy_view.standalone_stylesheet(),
        module=anatomy_view.standalone_module(),
        payload=b64encode(payload).decode(),
    )
