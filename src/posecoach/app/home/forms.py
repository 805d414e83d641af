"""All forms, group by group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posecoach.app.home.offers import Offer, group_title
from posecoach.app.kit.pages import Page
from posecoach.app.kit.twolines import TwoLineList
from posecoach.text import N_


class FormsPage(Page):
    """The page.

    Attributes
    ----------
    forms : TwoLineList
        Its values are the forms' ids.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: Sequence[Offer] = ()
        self.forms = TwoLineList()
        self.middle.addWidget(self.forms, 1)
        self.forms.itemActivated.connect(self.main_button.click)
        self.forms.currentRowChanged.connect(self._check)

    @property
    def chosen(self) -> str | None:
        """Id of the form chosen."""
        value = self.forms.value
        return None if value is None else str(value)

    def show_offers(self, offers: Sequence[Offer], chosen: str | None) -> None:
        """Fill the list."""
        self._offers = offers
        self._fill(chosen)

    def _fill(self, chosen: str | None) -> None:
        self.forms.clear()
        group = None
        for offer in self._offers:
            if offer.group != group:
                group = offer.group
                self.forms.add_heading(group_title(group, self.language))
            self.forms.add_entry(
                offer.title(self.language),
                offer.details(self.language),
                offer.id,
                usable=not offer.problem,
            )
        self.forms.choose(chosen)
        self._check()

    def _check(self) -> None:
        self.main_button.setEnabled(self.chosen is not None)

    def set_words(self) -> None:
        """Set the words."""
        self.headline.setText(self.say(N_("All forms")))
        none = self.say(N_("There is no form yet. 'posecoach record' makes one."))
        self.lead.setText("" if self._offers else none)
        self.main_button.set_words(self.say(N_("Practise")), self.say(N_("Practise this form")))
        self.forms.setAccessibleName(self.say(N_("Which form would you like to practise?")))
        self._fill(self.chosen)

    def enter(self) -> None:
        """Be shown."""
        self.forms.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Obey the usual keys."""
        super().keyPressEvent(event)
