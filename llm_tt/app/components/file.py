"""A file for the browser to keep, made when somebody asked for it."""

from base64 import b64encode

import streamlit as st

from llm_tt.app.components import read_source

_file = st.components.v2.component(
    "llm_tt_file",
    html="<div class='file'></div>",
    css=".file { display: none }",
    js=read_source("file.js"),
)


def send_file(content: bytes, *, name: str, mime: str, request: str) -> None:
    """Hand over a file; `request` tells one asking from another, so that each is answered once."""
    _send(id=request, name=name, mime=mime, content=b64encode(content).decode())


def send_no_file(request: str) -> None:
    """Nobody needs to wait for it any more."""
    _send(id=request, content=None)


def _send(**data: object) -> None:
    _file(key="file", data=data)
