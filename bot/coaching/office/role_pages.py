"""Use cases: what each role may do, in plain words, for administrators of every division."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid, NotFound
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import ADMINISTRATORS, whole_office_of
from bot.coaching.office.roles import define

GROUPS: Final[Mapping[str, Mapping[Permission, str]]] = {
    "Sessions": {
        Permission.PARTICIPATE: "Take part in sessions",
        Permission.APPOINTMENT_VIEW: "See the sessions of others",
        Permission.APPOINTMENT_ADD: "Schedule sessions",
        Permission.APPOINTMENT_EDIT: "Change sessions",
        Permission.APPOINTMENT_DELETE: "Delete sessions",
        Permission.CONVERSATION_ADD: "Attach interactions",
        Permission.STATUS_VIEW: "See how a status came about",
        Permission.STATUS_EDIT: "Change the status",
    },
    "Notes that everybody in the session sees": {
        Permission.ANNOTATION_VIEW: "Read them",
        Permission.ANNOTATION_ADD: "Add them",
        Permission.ANNOTATION_EDIT: "Edit them",
        Permission.ANNOTATION_DELETE: "Remove them",
    },
    "Notes for organizer and facilitator": {
        Permission.PRIVATE_ANNOTATION_VIEW: "Read them",
        Permission.PRIVATE_ANNOTATION_ADD: "Add them",
        Permission.PRIVATE_ANNOTATION_EDIT: "Edit them",
        Permission.PRIVATE_ANNOTATION_DELETE: "Remove them",
    },
    "Free times and notices": {
        Permission.SLOT_VIEW: "See when others are free",
        Permission.SLOT_JOB_ADD: "Have free times searched for",
        Permission.SLOT_JOB_VIEW: "See what such a search found",
        Permission.NOTIFICATION_VIEW: "Look a notice up by its id",
    },
}
"""Every permission once, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role, and how much of everything it allows."""

    name: str
    allowed: int
    everything: int


@dataclass(frozen=True, slots=True)
class PermissionChoice:
    """Something that a role may allow."""

    permission: str
    words: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """Permissions about one kind of thing."""

    title: str
    choices: tuple[PermissionChoice, ...]


@dataclass(frozen=True, slots=True)
class RolePage:
    """One role: all that there is to allow, and what of it this role allows."""

    name: str
    groups: tuple[PermissionGroup, ...]


def roles_page(context: Context, caller: Caller) -> tuple[RoleLine, ...]:
    """List the roles by name. Raises Denied, Unavailable."""
    with context.read() as tx:
        whole_office_of(tx, caller)
        roles = tx.people.roles()
    return tuple(
        RoleLine(name, len(roles[name] & set(Permission)), len(Permission))
        for name in sorted(roles)
    )


def role_page(context: Context, caller: Caller, name: str) -> RolePage:
    """Show what one role may do. Raises Denied, NotFound, Unavailable."""
    with context.read() as tx:
        whole_office_of(tx, caller)
        allowed = _found(tx.people.roles(), name)
    return RolePage(
        name,
        tuple(
            PermissionGroup(
                title,
                tuple(
                    PermissionChoice(each.value, words, each.value in allowed)
                    for each, words in group.items()
                ),
            )
            for title, group in GROUPS.items()
        ),
    )


def change_role(context: Context, caller: Caller, name: str, permissions: Collection[str]) -> bool:
    """Write what one role may do, in place of what it could; answers whether that is new.

    Raises Denied, NotFound, Invalid, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS])
        whole_office_of(tx, caller)
        _found(tx.people.roles(), name)
        if not set(permissions) <= set(Permission):
            raise Invalid("Something here can’t be allowed any more.", field="permissions")
        return bool(define(tx, caller, {name: frozenset(permissions)}, now))


def _found(roles: Mapping[str, frozenset[str]], name: str) -> frozenset[str]:
    if name not in roles:
        raise NotFound("That role isn’t there any more.")
    return roles[name]
