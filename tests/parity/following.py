"""The rest of the table: back to the plan, an undo, histories, notes that are there, free time."""

from dataclasses import replace
from functools import partial

from bot.coaching import NotFound, Status
from tests.parity.editing import EMPTY_NOTE, LONG_NOTE, NOT_COVERED, not_counted
from tests.parity.requests import (
    Become,
    Done,
    EditNote,
    FreeTime,
    History,
    Line,
    Refused,
    RemoveNote,
    Undo,
)
from tests.parity.table import (
    BY_GRACE,
    COMPLETED,
    DELETED,
    GONE,
    LED,
    NEEDS_ROLE,
    NOT_AN_ATTENDEE,
    NOT_THE_STATUS,
    PRIVATE,
    STARTED,
    STAYS_COMPLETED,
    WEEKLY,
    attendee,
    bad_note,
    denied,
    forbidden,
    gone,
    no_role,
    not_now,
    other_division,
)

BACK = Become("Weekly", Status.SCHEDULED)
IS_PLANNED = "This session is already scheduled."
NOTED = replace(LED, note="Well begun")
NOTED_ALONE = replace(NOTED, note_type=PRIVATE)
OF_GRACE = replace(BY_GRACE, note="Well begun")
NO_HISTORY = "Your role doesn’t let you see this session’s history."
NO_EDIT = "Your part in this session doesn’t let you edit this note."
NO_REMOVAL = "Your part in this session doesn’t let you delete this note."
NO_NOTE = "That note isn’t there."
NOT_HERS = "Only whoever completed a session can undo that."
NO_SEARCH = "Your role doesn’t let you look for free time."
FIRST = ("2026-03-02T09:15:00.000Z", "2026-03-02T09:30:00.000Z", "2026-03-02T09:45:00.000Z")

no_note = partial(denied, "missing.permissions", None)

# fmt: off
GOING_BACK = (
    Line("the organizer puts back", "Dana", BACK, Done(), (STARTED,)),
    Line("a role puts back", "Grace", BACK, Done(), (STARTED,)),
    Line("an attendee puts back, led", "Priya", BACK, attendee(NOT_AN_ATTENDEE),
         (replace(STARTED, facilitator="Dana"),)),
    Line("another division puts back", "Omar", BACK,
         other_division(NOT_THE_STATUS, concealed=GONE), (STARTED,)),
    Line("puts back what is completed", "Dana", BACK, not_now("status", STAYS_COMPLETED),
         (COMPLETED,)),
    Line("puts back what is deleted", "Dana", BACK, gone(GONE), (DELETED,)),
    Line("what one completed", "Dana", Undo("Weekly"), not_now("status", STAYS_COMPLETED),
         (COMPLETED,), Done()),
    Line("what another completed", "Grace", Undo("Weekly"), not_now("status", STAYS_COMPLETED),
         (COMPLETED,), forbidden(NOT_HERS)),
    Line("an agent beside it", "Jonas", Undo("Weekly"), no_role(NOT_THE_STATUS, concealed=GONE),
         (COMPLETED,)),
    Line("what is deleted", "Dana", Undo("Weekly"), gone(GONE), (DELETED,)),
)

HISTORIES = (
    Line("an attendee", "Priya", History("Weekly"), Done(("Scheduled",)), (WEEKLY,)),
    Line("the organizer", "Dana", History("Weekly"), Done(("Scheduled", "InProgress")),
         (STARTED,)),
    Line("a role", "Grace", History("Weekly"), Done(("Scheduled", "Completed")), (COMPLETED,)),
    Line("an agent beside it", "Jonas", History("Weekly"), no_role(NO_HISTORY, concealed=GONE),
         (WEEKLY,)),
    Line("another division", "Omar", History("Weekly"),
         other_division(NO_HISTORY, concealed=GONE), (WEEKLY,)),
    Line("what is deleted", "Dana", History("Weekly"), gone(GONE), (DELETED,)),
)

NOTES = (
    Line("the organizer", "Dana", EditNote("Weekly", "Better"), Done(), (NOTED,)),
    Line("a role", "Grace", EditNote("Weekly", "Better"), Done(), (NOTED,)),
    Line("an attendee", "Priya", EditNote("Weekly", "Mine"), no_note(NO_EDIT), (NOTED,)),
    Line("an attendee, a private one", "Priya", EditNote("Weekly", "Mine"),
         Refused(NotFound, "annotation.not.found", None, NO_NOTE), (NOTED_ALONE,)),
    Line("without a word", "Dana", EditNote("Weekly", " "), bad_note(EMPTY_NOTE), (NOTED,)),
    Line("a long one", "Dana", EditNote("Weekly", "n" * 4001), bad_note(LONG_NOTE), (NOTED,)),
    Line("the organizer", "Dana", RemoveNote("Weekly"), Done(), (NOTED,)),
    Line("an attendee, a private one", "Priya", RemoveNote("Weekly"),
         Refused(NotFound, "annotation.not.found", None, NO_NOTE), (NOTED_ALONE,)),
    Line("a quality manager", "Grace", RemoveNote("Weekly"), Done(), (NOTED,)),
    Line("a supervisor", "Dana", RemoveNote("Weekly"), no_note(NO_REMOVAL), (OF_GRACE,)),
    Line("an attendee", "Priya", RemoveNote("Weekly"), no_note(NO_REMOVAL), (NOTED,)),
)

SEARCHING = (
    Line("one of the team", "Dana", FreeTime("Priya"), Done(FIRST)),
    Line("another division", "Dana", FreeTime("Sam"), not_counted(NOT_COVERED)),
    Line("an agent", "Priya", FreeTime("Jonas"), no_role(NO_SEARCH),
         in_slack=no_role(NEEDS_ROLE)),
)
# fmt: on

FOLLOWING = (*GOING_BACK, *HISTORIES, *NOTES, *SEARCHING)
