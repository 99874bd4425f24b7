"""What can be wrong with a request, as one tree.

    CoachingError
    ├── Invalid          something in the request must be corrected
    ├── Denied           the person may not do this
    ├── NotFound         there is no such thing
    ├── Conflict         it cannot be done as things stand now
    └── Unavailable      nothing was done; the same request may succeed in a moment

Each carries a stable code for programs (contract, section 3), one sentence for the person, and the
name of the field to correct where there is one.
"""


class CoachingError(Exception):
    """A refusal: nothing was changed."""

    code = "bad.request"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field

    def concealed(self) -> "CoachingError":
        """What somebody is told who must not learn that the thing exists (contract, 4.4)."""
        return self


class Invalid(CoachingError):
    """Something in the request must be corrected."""

    code = "validation.error"


class Denied(CoachingError):
    """The person may not do this.

    `hides` is what to say instead where not even the existence of the thing is for the person.
    """

    code = "missing.permissions"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        hides: CoachingError | None = None,
    ) -> None:
        super().__init__(message, code=code, field=field)
        self.hides = hides

    def concealed(self) -> CoachingError:
        """The refusal, or what stands in for it."""
        return self.hides or self


class NotFound(CoachingError):
    """There is no such thing, or nothing that may be known."""

    code = "not.found"


class Conflict(CoachingError):
    """It cannot be done as things stand now."""

    code = "appointment.state.conflict"


class Unavailable(CoachingError):
    """Nothing was done; the same request may succeed in a moment."""

    code = "service.unavailable"

    def __init__(self, reason: str | None = None) -> None:
        super().__init__("Coaching can’t be reached right now. Please try again in a minute.")
        self.reason = reason
        """The code of what is wrong with the database, for whoever watches; the log says it in
        words. None where others were only in the way."""


def no_appointment() -> NotFound:
    """There is no such session, or none that the person may know of."""
    return NotFound(
        "That session isn’t there any more, or it isn’t yours to see.",
        code="appointment.not.found",
    )


def no_notification() -> NotFound:
    """There is no such notification in this person's inbox."""
    return NotFound("That notification isn’t there any more.", code="notification.not.found")
