"""docs/roles.md says who may do what; each right of it is tried, and each that is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.audit import ACTIONS, Action, Actor, ActorKind
from kiosk.domain.errors import NotAllowed
from kiosk.domain.records import AuditFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.rights import shown
from kiosk.domain.roles import ROLES, Role, Sight
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from tests.fakes import QUICK_HASHER

PAGE = Path(__file__).resolve().parents[3] / "docs" / "roles.md"
OTHERS = "not their own"


def told(section: str, *cells: str) -> dict[str, set[str]]:
    """A table of the page: who is said to have what, by what stands in the cell."""
    text = PAGE.read_text("utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    head, _, *rows = (
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    )
    return {
        row[0]: {name for name, cell in zip(head[1:], row[1:], strict=True) if cell in cells}
        for row in rows
    }


ACTS = told("What each may do", "yes", OTHERS)
TO_THEMSELVES = told("What each may do", "yes")
SIGHTS = told("What each sees", "yes")


def test_the_page_has_every_action_and_every_sight() -> None:
    assert set(ACTS) == {ACTIONS[action] for action in Action}
    assert set(SIGHTS) == {sight.value for sight in Sight}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sight", Sight)
def test_a_role_sees_what_the_page_says(role: Role, sight: Sight) -> None:
    actor = Actor(ActorKind.STAFF, "Mia", role)
    assert shown(actor, sight) == (ROLES[role] in SIGHTS[sight.value])


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_page_says_and_nothing_else(storage: Storage, role: Role) -> None:
    admin = Administration.of(storage, Pins(storage, hasher=QUICK_HASHER))
    mia = storage.people.add("Mia")
    somebody = storage.people.add("Bob")
    storage.people.update(replace(somebody, group="Night"))
    departments = ("Night",) if role is Role.MANAGER else ()
    storage.roles.give(mia.id, role, departments)
    actor = Actor(ActorKind.STAFF, "Mia", role, departments, mia.id)
    # A manager is of their own department: its hours are theirs to put right, but for their own.
    storage.people.update(replace(mia, group="Night"))
    for action in Action:
        for whom, acts in ((somebody, ACTS), (mia, TO_THEMSELVES)):
            before = len(admin.records.audit.newest(1000))
            if whom is mia and role is Role.ENROLLER:
                continue  # who has a role is an administrator's to change
            if ROLES[role] in acts[ACTIONS[action]]:
                with admin.trail.act(actor, action, whom.id):
                    pass
                assert admin.records.audit.newest(1)[0].action is action
            else:
                with pytest.raises(NotAllowed), admin.trail.act(actor, action, whom.id):
                    pytest.fail(f"{role} may {action}")
                refused = AuditFilter(actions=frozenset({Action.REFUSED}))
                assert admin.records.audit.newest(1, refused)[0].details == action.value
            assert len(admin.records.audit.newest(1000)) == before + 1
