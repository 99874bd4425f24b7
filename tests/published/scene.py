"""Something of every kind, about which every method of the library can be asked."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.published.centre import Centre, interval


def snake(name: str) -> str:
    """The library's name of an operation: `getCoachingX` is `get_coaching_x`."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()


class Scene:
    """A contact centre in which there is something of every kind.

    Dana schedules for Priya: `plain` without a facilitator, `led` by Grace, `completed`, `gone`.
    """

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self._make = centre.library.make
        for name in ("Dana", "Priya", "Jonas", "Omar"):
            centre.api(name).get_coaching_appointments_me()  # a first use leaves a trace
        dana, day = centre.api("Dana"), timedelta(days=1)
        start = centre.workplace.clock() + day
        self.plain = centre.schedule(date_start=start).id
        self.led = centre.schedule(date_start=start + day, facilitator_id=self.id("Grace")).id
        self.completed = centre.schedule(date_start=start + 2 * day).id
        dana.patch_coaching_appointment_status(self.completed, {"status": "Completed"})
        self.gone = centre.schedule(date_start=start + 3 * day).id
        dana.delete_coaching_appointment(self.gone)
        self.note, self.private, self.deleted_note = map(
            self._note, ("Public", "Private", "Public")
        )
        dana.delete_coaching_appointment_annotation(self.plain, self.deleted_note)
        inbox = centre.api("Priya").get_coaching_notifications().entities
        self.notification = inbox[0].id
        self.job = dana.post_coaching_scheduleslots_jobs(self.body("slot_job")).id

    def id(self, name: str) -> str:
        """A person's id."""
        return self.centre.ids[name]

    def ask(self, who: str, method: str, **given: Any) -> Any:
        """Ask a method, of `plain` and what belongs to it where nothing else is given."""
        return self.ask_by(self.centre.api(who), method, **given)

    def ask_by(self, api: Any, method: str, **given: Any) -> Any:
        """Ask a method of somebody's client."""
        needed = self.centre.library.methods()[method]
        required = {name: self._fine(method, name) for name, needs in needed.items() if needs}
        return getattr(api, method)(**required | given)

    def body(self, kind: str, **changes: Any) -> Any:
        """A body that is fine, in the library's words."""
        made: Mapping[str, Callable[[], Any]] = {
            "appointment": lambda: self.centre.request("Jonas"),
            "changes": lambda: self._make("UpdateCoachingAppointmentRequest", name="New name"),
            "status": lambda: self._make("CoachingAppointmentStatusRequest", status="InProgress"),
            "conversation": lambda: self._make("AddConversationRequest", conversation_id="c1"),
            "note": lambda: self._make(
                "CoachingAnnotationCreateRequest", text="Well done", access_type="Public"
            ),
            "text": lambda: self._make("CoachingAnnotation", text="Better"),
            "read": lambda: self._make("CoachingNotification", marked_as_read=True),
            "count": lambda: self.count(self.predicate("status", "Scheduled")),
            "slots": lambda: self._search("CoachingSlotsRequest", interval=self.tomorrow),
            "slot_job": lambda: self._search(
                "CoachingScheduleSlotsJobRequest",
                intervals=[self.tomorrow],
                activity_code_id="coaching",
                slots_type="BestTime",
            ),
        }
        body = made[kind]()
        for name, value in changes.items():
            setattr(body, name, value)
        return body

    def count(self, *predicates: Any, **given: Any) -> Any:
        """A question for counts, with one clause."""
        clause = self._make("QueryRequestClause", type="Or", predicates=list(predicates))
        wanted = self._make("QueryRequestFilter", type="And", clauses=[clause])
        values = {"interval": self.tomorrow, "filter": wanted}
        return self._make("CoachingAppointmentAggregateRequest", **values | given)

    def predicate(self, dimension: str, value: str) -> Any:
        """One condition of a question for counts."""
        return self._make("QueryRequestPredicate", dimension=dimension, value=value)

    @property
    def tomorrow(self) -> str:
        """The day that begins in 24 hours."""
        now = self.centre.workplace.clock()
        return interval(now + timedelta(days=1), now + timedelta(days=2))

    def starts(self, appointment: str) -> datetime:
        """When a session starts."""
        found: datetime = self.ask(
            "Dana", "get_coaching_appointment", appointment_id=appointment
        ).date_start
        return found

    def _note(self, access_type: str) -> str:
        note = self.body("note", access_type=access_type)
        found: str = self.ask("Dana", "post_coaching_appointment_annotations", body=note).id
        return found

    def _search(self, kind: str, **given: Any) -> Any:
        return self._make(kind, attendee_ids=[self.id("Jonas")], length_in_minutes=30, **given)

    def _fine(self, method: str, name: str) -> Any:
        if name == "body":
            return self.body(BODIES[method])
        if name == "user_ids":
            return [self.id("Priya")]
        return getattr(self, SUBJECTS[name])


SUBJECTS: Mapping[str, str] = {
    "appointment_id": "plain",
    "annotation_id": "note",
    "notification_id": "notification",
    "job_id": "job",
}
"""What of the scene each id is of."""
BODIES: Mapping[str, str] = {
    "patch_coaching_appointment": "changes",
    "patch_coaching_appointment_annotation": "text",
    "patch_coaching_appointment_status": "status",
    "patch_coaching_notification": "read",
    "post_coaching_appointment_annotations": "note",
    "post_coaching_appointment_conversations": "conversation",
    "post_coaching_appointments": "appointment",
    "post_coaching_appointments_aggregates_query": "count",
    "post_coaching_scheduleslots_jobs": "slot_job",
    "post_coaching_scheduleslots_query": "slots",
}
"""The kind of body that each method takes."""
