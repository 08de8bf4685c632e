"""The way to what is kept of somebody: their face and their PIN, and then all of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from kiosk.domain.language import _
from kiosk.services.privacy.own_data import OwnData
from kiosk.services.privacy.proof import Missing
from kiosk.ui.kiosk.hours.own import WHY_NOT, Shows
from kiosk.ui.kiosk.hours.state import State

Run = Callable[[State, Callable[[], Any], Callable[[Any], object]], None]


class OwnDesk:
    """``run`` does something on the worker and comes back with it while the same visit lasts;
    ``ask_pin`` brings the PIN that is typed, ``build`` shows the state anew, ``by_pin`` says that
    the face is known no more."""

    def __init__(
        self,
        run: Run,
        ask_pin: Callable[[Callable[[str], object]], object],
        build: Callable[[], object],
        by_pin: Callable[[], object],
    ) -> None:
        self._run = run
        self._ask_pin = ask_pin
        self._build = build
        self._by_pin = by_pin

    def open(self, state: State) -> None:
        """They want to see it."""
        if state.data is not None:
            self._show(state, state.data)
        else:
            self._run(state, state.acts.missing, partial(self._known, state))

    def _known(self, state: State, missing: Missing) -> None:
        if missing is Missing.NOTHING:
            self._read(state)
        elif missing is Missing.PIN:
            self._ask_pin(partial(self._read, state))
        else:
            state.news = (_(WHY_NOT[missing]), False)
            self._build()

    def _read(self, state: State, pin: str | None = None) -> None:
        self._run(state, partial(state.acts.own_data, pin), partial(self._show, state))

    def _show(self, state: State, data: OwnData) -> None:
        state.data, state.shows, state.news, state.scrolled = data, Shows.DATA, None, 0
        self._build()

    def copy(self, state: State) -> None:
        """They take it along."""
        if state.data is not None:
            self._run(state, partial(state.acts.copy, state.data), partial(self._say, state))

    def ask_withdraw(self, state: State) -> None:
        """They don't want their face to be stored any more: what that does is said first."""
        if not state.busy:
            state.shows, state.news = Shows.WITHDRAW, None
            self._build()

    def withdraw(self, state: State) -> None:
        """They have read it, and do."""

        def done(news: tuple[OwnData, str]) -> None:
            self._by_pin()
            state.data, state.shows = news[0], Shows.DATA
            self._say(state, news[1])

        self._run(state, state.acts.withdraw, done)

    def _say(self, state: State, news: str) -> None:
        state.news, state.scrolled = (news, True), 0
        self._build()
