"""The codes of the contract (section 3): those that the table must try, and why not the others."""

from collections.abc import Mapping
from typing import Final

CODES: Final = frozenset(
    """
    agent.cannot.change.status annotation.not.found appointment.conflict appointment.not.found
    appointment.state.conflict constraint.validation forbidden invalid.date invalid.value
    missing.division.permission missing.permissions
    missing.permissions.not.appointment.participant no.appointment.view.permission
    no.permission.for.requested.users participate.permission.missing validation.error
    validation.failure
    """.split()
)
"""What a person can be refused; each has a line or more."""

_WIRE: Final = "it is about what a program wrote, not about what a person asked for"
_GONE: Final = "it needs a thing that is gone; tests/slack/test_trouble.py and test_noting.py do it"
CODES_ELSEWHERE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("annotation.deleted", "notification.not.found"), _GONE),
    **dict.fromkeys(
        """
        users.query.param interval.query.param pagination.bad.request
        aggregate.query.filter.missing.or.invalid aggregate.too.many.users bad.request
        invalid.query.param.value authentication.required bad.credentials not.found
        request.entity.too.large unsupported.media.type too.many.requests
        """.split(),
        _WIRE,
    ),
}
"""Codes without a line, and why."""
