"""One act for several people: who it went well for, and why not for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kiosk.domain.errors import BadInput
from kiosk.domain.names import isolated
from kiosk.domain.people import Person


@dataclass(frozen=True, slots=True)
class Several:
    """``refused`` are people with the sentence that says why."""

    done: tuple[Person, ...]
    refused: tuple[tuple[Person, str], ...]

    @property
    def why(self) -> str:
        """A line a person; the sentence alone where it was one person's only."""
        if len(self.refused) == 1 and not self.done:
            return self.refused[0][1]
        return "\n".join(f"{isolated(person.name)}: {said}" for person, said in self.refused)


def for_each(people: Iterable[Person], act: Callable[[Person], object]) -> Several:
    """Do it for one after the other, on the worker: what can't be done for one is done for the
    others all the same."""
    done, refused = [], []
    for person in people:
        try:
            act(person)
        except BadInput as error:
            refused.append((person, str(error)))
        else:
            done.append(person)
    return Several(tuple(done), tuple(refused))
