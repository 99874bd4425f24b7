"""Permissions and shipped roles, as the contract has them (section 4.1)."""

from collections.abc import Mapping

ADD = "coaching:appointment:add"
VIEW = "coaching:appointment:view"
EDIT = "coaching:appointment:edit"
DELETE = "coaching:appointment:delete"
PARTICIPATE = "coaching:appointment:participate"
ATTACH = "coaching:appointmentConversation:add"
STATUS_VIEW = "coaching:appointmentStatus:view"
STATUS_EDIT = "coaching:appointmentStatus:edit"
NOTIFICATION_VIEW = "coaching:notification:view"
SLOT_VIEW = "coaching:scheduleSlot:view"
SLOT_JOB_ADD = "coaching:scheduleSlotJob:add"
SLOT_JOB_VIEW = "coaching:scheduleSlotJob:view"


def note(action: str) -> str:
    """The permission that governs Public notes."""
    return f"coaching:annotation:{action}"


def private(action: str) -> str:
    """The permission that governs Private notes."""
    return f"coaching:privateAnnotation:{action}"


_PLAIN = frozenset({PARTICIPATE})
_SUPERVISOR = _PLAIN | {
    *(ADD, VIEW, EDIT, ATTACH, STATUS_VIEW, STATUS_EDIT),
    *(note("view"), note("add"), note("edit")),
    *(SLOT_VIEW, SLOT_JOB_ADD, SLOT_JOB_VIEW),
}
_MANAGER = _SUPERVISOR | {DELETE, note("delete"), private("view"), private("delete")}
_ADMINISTRATOR = _MANAGER | {private("add"), private("edit"), NOTIFICATION_VIEW}

ROLES: Mapping[str, frozenset[str]] = {
    "Agent": _PLAIN,
    "Supervisor": _SUPERVISOR,
    "Quality Evaluator": _SUPERVISOR,
    "Quality Manager": _MANAGER,
    "Administrator": _ADMINISTRATOR,
}
"""What each role allows until an administrator changes it."""
PERMISSIONS = sorted(_ADMINISTRATOR)
