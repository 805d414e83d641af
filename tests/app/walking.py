"""What a screen reader meets on a page: everything that can have the focus, and its name."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def find_nameless(page):
    """Return what is on show and can have the focus, but has no name to be read out."""
    return [
        w
        for w in [page, *page.findChildren(QWidget)]
        if w.isVisible()
        and w.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (w.accessibleName() or getattr(w, "text", str)())
    ]
