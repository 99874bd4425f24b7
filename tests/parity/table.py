"""The table: one line for each rule that a person can meet; a new rule is a new line.

The people are those of the workplace: Dana supervises Home, where Priya and Jonas are agents and
Grace is quality manager; Omar supervises Sales, where Sam is an agent; Alex administers both. Nora
holds no role, Standup is an app, Ravi has left, and Pat is from another organisation.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.coaching import AccessType, Conflict, Denied, Invalid, NotFound, Status
from tests.parity.requests import (
    TOMORROW,
    Become,
    Done,
    Line,
    ListOwn,
    MarkAsRead,
    Nowhere,
    Refused,
    Schedule,
    Session,
)

NOW = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
START, COMPLETE = Status.IN_PROGRESS, Status.COMPLETED
PUBLIC, PRIVATE = AccessType.PUBLIC, AccessType.PRIVATE

# The sessions that are there before.
WEEKLY = Session(name="Weekly", by="Dana")
LED = replace(WEEKLY, facilitator="Dana")
BY_GRACE = replace(WEEKLY, by="Grace")
STARTED = replace(WEEKLY, status=START)
COMPLETED = replace(WEEKLY, status=COMPLETE)
DELETED = replace(WEEKLY, is_deleted=True)
OF_TWO = replace(WEEKLY, attendees=("Priya", "Jonas"))
LATER = replace(WEEKLY, name="Later", starts_in=WEEK)
BOTH = Session(name="Both teams", by="Alex", attendees=("Priya", "Sam"))
SALES = Session(name="Sales", by="Omar", attendees=("Sam",))
OTHERS = Session(name="Others", by="Alex", attendees=("Jonas",), starts_in=WEEK)

# The codes.
denied = partial(Refused, Denied)
gone = partial(Refused, NotFound, "appointment.not.found", None)
taken = partial(Refused, Conflict, "appointment.conflict", "starts_at")
bad_date = partial(Refused, Invalid, "invalid.date", "starts_at")
bad_text = partial(Refused, Invalid, "constraint.validation")
bad_link = partial(Refused, Invalid, "invalid.value", "external_links")
bad_note = partial(Refused, Invalid, "validation.failure", "text")
bad_party = partial(Refused, Invalid, "validation.error")
not_theirs = partial(Refused, Invalid, "no.permission.for.requested.users")
no_part = partial(Refused, Invalid, "participate.permission.missing")
not_now = partial(Refused, Conflict, "appointment.state.conflict")
forbidden = partial(denied, "forbidden", None)
no_role = partial(denied, "missing.permissions", None)
not_seen = partial(denied, "missing.permissions.not.appointment.participant", None)
other_division = partial(denied, "missing.division.permission", None)
attendee = partial(denied, "agent.cannot.change.status", None)

# The sentences.
PAST = "That time has passed. Please pick one in the future."
FAR = "Please pick a time within the next 6 weeks."
LENGTH = "Please pick a length from 1 to 60 minutes."
LINK = "Please use a full link that starts with https://"
TWICE = "Somebody is named twice. Please pick each person once."
NOBODY = "Please pick at least one person to coach."
NO_NAME = "Please give the session a name."
NO_DESCRIPTION = "Please say in a few words what the session is about."
BOTH_SIDES = (
    "The facilitator can’t also be coached in the same session. "
    "Please pick somebody else for one of the two."
)
NOT_YOURS = (
    "You can schedule coaching only for people in your own divisions. Please check who you picked."
)
ROLELESS = (
    "Nora can’t take part in coaching yet. Ask an administrator to give them a role that can."
)
APP = "Standup is an app, so it can’t be coached. Please pick a person."
LEFT = "Ravi’s account is deactivated. Please pick somebody else."
OUTSIDE = "Pat is from another organisation. Please pick somebody from yours."
NEEDS_ROLE = "Scheduling coaching needs a supervisor’s role. Ask an administrator if you need it."
SHE_HAS = "Priya already has “Weekly” from 4:00 am to 4:30 am. Please pick another time."
YOU_HAVE = "You already have “Weekly” from 4:00 am to 4:30 am. Please pick another time."
SHE_IS_BUSY = "Priya is busy then. Please pick another time."
TWO_ARE_BUSY = "Priya and Jonas are busy then. Please pick another time."
IS_STARTED = "This session is already in progress."
IS_COMPLETED = "This session is already completed."
STAYS_COMPLETED = "This session is completed, so its status stays as it is."
NOT_AN_ATTENDEE = "Only the facilitator or the organizer can change the status of this session."
NOT_THE_STATUS = "Your role doesn’t let you change the status of this session."
GONE = "That session isn’t there any more, or it isn’t yours to see."
NOTHING_THERE = "That notification isn’t there any more."
NOT_YOUR_ENTRY = "Only the person it was sent to can mark a notification."
NOT_SEEN = "You may see only sessions that you take part in or that your role covers."
MOST_200 = "Please use at most 200 characters; this has 201."
MOST_500 = "Please use at most 500 characters; this has 501."
MOST_3000 = "Please use at most 3,000 characters; this has 3,001."

IS_MET = Nowhere("an account that nobody has met is asked about, and so becomes known")
EVERYTHING = Schedule(
    attendees=("Priya", "Jonas"),
    facilitator="Dana",
    location="Room 4",
    link="https://meet.example.com/a?b=1&c=2",
    length=45,
)

# fmt: off
SCHEDULING = (
    Line("a session", "Dana", Schedule(), Done()),
    Line("with all that the form has", "Dana", EVERYTHING, Done()),
    Line("led by a third person", "Dana", Schedule(facilitator="Grace"), Done()),
    Line("over both divisions", "Alex", Schedule(attendees=("Priya", "Sam")), Done()),
    Line("with blanks around its name", "Dana", Schedule(name="  Call review "), Done()),
    Line("the shortest", "Dana", Schedule(length=1), Done()),
    Line("the longest", "Dana", Schedule(length=60), Done()),
    Line("the first minute ahead", "Dana", Schedule(starts_in=MINUTE), Done()),
    Line("the last minute of six weeks", "Dana", Schedule(starts_in=6 * WEEK), Done()),
    Line("in the past", "Dana", Schedule(starts_in=-60 * MINUTE), bad_date(PAST)),
    Line("in the minute that has begun", "Dana", Schedule(starts_in=MINUTE / 3), bad_date(PAST)),
    Line("beyond six weeks", "Dana", Schedule(starts_in=6 * WEEK + MINUTE), bad_date(FAR)),
    Line("for no time", "Dana", Schedule(length=0), bad_text("length_minutes", LENGTH)),
    Line("for too long", "Dana", Schedule(length=61), bad_text("length_minutes", LENGTH)),
    Line("back to back, after", "Dana", Schedule(starts_in=TOMORROW + 30 * MINUTE), Done(),
         given=(WEEKLY,)),
    Line("back to back, before", "Dana", Schedule(starts_in=TOMORROW - 30 * MINUTE), Done(),
         given=(WEEKLY,)),
    Line("where a deleted one was", "Dana", Schedule(), Done(), given=(DELETED,)),
    Line("where one is completed", "Dana", Schedule(), Done(), given=(COMPLETED,)),
    Line("while the organizer alone is busy", "Dana", Schedule(attendees=("Jonas",)), Done(),
         given=(LED,)),
    Line("over one that may be seen", "Dana", Schedule(starts_in=TOMORROW + 29 * MINUTE),
         taken(SHE_HAS), given=(WEEKLY,)),
    Line("over one that may not be seen", "Dana", Schedule(), taken(SHE_IS_BUSY), given=(BOTH,)),
    Line("over what one leads", "Dana", Schedule(attendees=("Jonas",), facilitator="Dana"),
         taken(YOU_HAVE), given=(LED,)),
    Line("while two are busy", "Dana", Schedule(attendees=("Priya", "Jonas")),
         taken(TWO_ARE_BUSY), given=(OF_TWO,)),
    Line("by an agent", "Priya", Schedule(attendees=("Jonas",)), no_role(NEEDS_ROLE)),
    Line("with somebody without a role", "Dana", Schedule(attendees=("Nora",)),
         no_part("attendee_ids", ROLELESS)),
    Line("with an app", "Dana", Schedule(attendees=("Priya", "Standup")),
         no_part("attendee_ids", APP)),
    Line("with somebody who left", "Dana", Schedule(attendees=("Ravi",)),
         no_part("attendee_ids", LEFT)),
    Line("led from outside", "Dana", Schedule(facilitator="Pat"),
         no_part("facilitator_id", OUTSIDE)),
    Line("led by whom it coaches", "Dana", Schedule(facilitator="Priya"),
         bad_party("facilitator_id", BOTH_SIDES)),
    Line("with one person twice", "Dana", Schedule(attendees=("Priya", "Priya")),
         bad_party("attendee_ids", TWICE)),
    Line("with nobody", "Dana", Schedule(attendees=()), bad_party("attendee_ids", NOBODY)),
    Line("with another division", "Dana", Schedule(attendees=("Priya", "Sam")),
         not_theirs("attendee_ids", NOT_YOURS)),
    Line("led by another division", "Dana", Schedule(facilitator="Omar"),
         not_theirs("facilitator_id", NOT_YOURS)),
    Line("with somebody unknown", "Dana", Schedule(attendees=("Nobody",)),
         not_theirs("attendee_ids", NOT_YOURS), in_slack=IS_MET),
    Line("without a name", "Dana", Schedule(name="  "), bad_text("name", NO_NAME)),
    Line("with a long name", "Dana", Schedule(name="n" * 201), bad_text("name", MOST_200)),
    Line("without a description", "Dana", Schedule(description=""),
         bad_text("description", NO_DESCRIPTION)),
    Line("with a long description", "Dana", Schedule(description="d" * 3001),
         bad_text("description", MOST_3000)),
    Line("at a long place", "Dana", Schedule(location="l" * 501), bad_text("location", MOST_500)),
    Line("with a link in the open", "Dana", Schedule(link="http://a.example"), bad_link(LINK)),
    Line("with a link to nowhere", "Dana", Schedule(link="https://"), bad_link(LINK)),
    Line("with a link that runs", "Dana", Schedule(link="javascript:alert(1)"), bad_link(LINK)),
    Line("with a link that lies", "Dana", Schedule(link="https://a@b.example"), bad_link(LINK)),
)

STATUS = (
    Line("the organizer starts", "Dana", Become("Weekly", START), Done(), (WEEKLY,)),
    Line("the facilitator starts", "Dana", Become("Weekly", START), Done(), (LED,)),
    Line("an attendee starts, unled", "Priya", Become("Weekly", START), Done(), (WEEKLY,)),
    Line("the organizer completes", "Dana", Become("Weekly", COMPLETE), Done(), (WEEKLY,)),
    Line("completes what is started", "Dana", Become("Weekly", COMPLETE), Done(), (STARTED,)),
    Line("a role completes", "Grace", Become("Weekly", COMPLETE), Done(), (WEEKLY,)),
    Line("starts twice", "Dana", Become("Weekly", START), not_now("status", IS_STARTED),
         given=(STARTED,), in_slack=Done()),
    Line("completes twice", "Dana", Become("Weekly", COMPLETE), not_now("status", IS_COMPLETED),
         given=(COMPLETED,), in_slack=Done()),
    Line("starts what is completed", "Dana", Become("Weekly", START),
         not_now("status", STAYS_COMPLETED), given=(COMPLETED,)),
    Line("starts what is deleted", "Dana", Become("Weekly", START), gone(GONE), (DELETED,)),
    Line("an attendee starts, led", "Priya", Become("Weekly", START), attendee(NOT_AN_ATTENDEE),
         given=(LED,)),
    Line("an attendee completes, led", "Priya", Become("Weekly", COMPLETE),
         attendee(NOT_AN_ATTENDEE), given=(LED,)),
    Line("an agent beside it", "Jonas", Become("Weekly", START),
         no_role(NOT_THE_STATUS, concealed=GONE), given=(WEEKLY,)),
    Line("another division", "Omar", Become("Weekly", COMPLETE),
         other_division(NOT_THE_STATUS, concealed=GONE), given=(WEEKLY,)),
    Line("one of two divisions", "Dana", Become("Both teams", START),
         other_division(NOT_THE_STATUS, concealed=GONE), given=(BOTH,)),
)

READING = (
    Line("their own", "Priya", MarkAsRead("Weekly", "Priya"), Done(), (WEEKLY,)),
    Line("of what is deleted", "Priya", MarkAsRead("Weekly", "Priya"), Done(), (DELETED,)),
    Line("that of another", "Dana", MarkAsRead("Weekly", "Priya"),
         forbidden(NOT_YOUR_ENTRY, concealed=NOTHING_THERE), given=(WEEKLY,)),
)

LISTING = (
    Line("nothing", "Priya", ListOwn(), Done(), (SALES,)),
    Line("an attendee", "Priya", ListOwn(), Done(("Later", "Weekly")), (WEEKLY, LATER, OTHERS)),
    Line("not what a role covers", "Dana", ListOwn(), Done(("Weekly",)), (WEEKLY, OTHERS, SALES)),
    Line("what is completed too", "Priya", ListOwn(), Done(("Weekly",)), (COMPLETED,)),
    Line("nothing that is deleted", "Priya", ListOwn(), Done(), (DELETED,)),
)

# fmt: on

MAKING = (*SCHEDULING, *STATUS, *READING, *LISTING)
