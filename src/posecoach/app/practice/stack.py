"""The pages of the practice window: set-up, the room one practises in, summary, trouble."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from posecoach.app.kit.view import PictureView
from posecoach.app.practice.controls import ControlRow, HelpPanel
from posecoach.app.practice.set_up import SetUpPage
from posecoach.app.practice.trouble import TroublePage
from posecoach.app.summary.pages import SummaryPage


class Pages(QStackedWidget):
    """All pages, one of them shown.

    Attributes
    ----------
    room : QWidget
        The picture with the quiet row below it.
    view : PictureView
    row : ControlRow
    help : HelpPanel
        Over the room.
    set_up : SetUpPage
    summary : SummaryPage
    troubles : TroublePage
    """

    def __init__(self) -> None:
        super().__init__()
        self.view, self.row = PictureView(), ControlRow()
        self.help = HelpPanel(self.view)
        self.set_up, self.summary, self.troubles = SetUpPage(), SummaryPage(), TroublePage()
        self.room = QWidget()
        self.room.setObjectName("page")
        column = QVBoxLayout(self.room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.row)
        for page in (self.room, self.set_up, self.summary, self.troubles):
            self.addWidget(page)

    @property
    def in_room(self) -> bool:
        """Whether one practises."""
        return self.currentWidget() is self.room

    @property
    def in_set_up(self) -> bool:
        """Whether one sets up."""
        return self.currentWidget() is self.set_up

    def turn_to(self, page: QWidget) -> None:
        """Show a page; no button has the focus, so that a late key press ends nothing."""
        self.setCurrentWidget(page)
        (self.view if page is self.room else page).setFocus()
