"""One function a page: controls -> cached library call -> render -> place."""
