"""The other half of the table: sessions that are there are looked at, changed, deleted and noted.

In Slack each is asked in a form that was left open, which still offers what it should not.
"""

from dataclasses import replace
from functools import partial

from bot.coaching import Invalid
from tests.parity.requests import (
    TOMORROW,
    AddNote,
    Count,
    Delete,
    Done,
    Edit,
    Find,
    Line,
    ListOf,
    Nowhere,
    Refused,
)
from tests.parity.table import (
    BOTH,
    BY_GRACE,
    COMPLETED,
    DELETED,
    FAR,
    GONE,
    LATER,
    LED,
    LENGTH,
    LINK,
    MINUTE,
    MOST_200,
    MOST_500,
    MOST_3000,
    NO_DESCRIPTION,
    NO_NAME,
    NOT_SEEN,
    OTHERS,
    PAST,
    PRIVATE,
    PUBLIC,
    SALES,
    SHE_IS_BUSY,
    STARTED,
    WEEK,
    WEEKLY,
    bad_date,
    bad_link,
    bad_note,
    bad_text,
    denied,
    forbidden,
    gone,
    no_role,
    not_now,
    not_seen,
    taken,
)

NOT_CHANGED = "Only the organizer or the facilitator of a session can change it."
NOT_DELETED = "Only the organizer of a session, or a quality manager, can delete it."
DONE_STAYS = "This session is completed, so it can’t be deleted."
ONLY_NOTES = "This session is completed. You can still add notes to it."
TIME_STANDS = "This session is in progress, so its time can’t be changed."
HAS_BEGUN = "This session is in progress, so it can’t be deleted."
NO_NOTE = "Your part in this session doesn’t let you add this note."
EMPTY_NOTE = "Please write something in the note."
LONG_NOTE = "Please use at most 4,000 characters; this has 4,001."
SHE_HAS_LATER = "Priya already has “Later” from 5:00 am to 5:30 am. Please pick another time."
NOT_COVERED = "Your role doesn’t cover everybody you named. Please check who you picked."
NO_COUNTING = "Your role doesn’t let you count sessions."
NOT_THEIRS = "Your role doesn’t let you see the sessions of everybody you named."
BAD_ID = "One of the attached ids can’t be right. Please check it."
NOTHING_TYPED = Nowhere("a form in which no note is typed adds none")
MOVED = WEEK + TOMORROW
FURTHER = replace(BOTH, starts_in=WEEK)

not_listed = partial(denied, "no.appointment.view.permission", "user_ids")
not_counted = partial(denied, "no.permission.for.requested.users", None)
bad_conversation = partial(Refused, Invalid, "invalid.value", "conversation_ids")

# fmt: off
LOOKING = (
    Line("an attendee", "Priya", Find("Weekly"), Done(("Weekly",)), (WEEKLY,)),
    Line("the facilitator", "Dana", Find("Weekly"), Done(("Weekly",)), (LED,)),
    Line("a role", "Grace", Find("Weekly"), Done(("Weekly",)), (COMPLETED,)),
    Line("an agent beside it", "Jonas", Find("Weekly"), not_seen(NOT_SEEN, concealed=GONE),
         (WEEKLY,)),
    Line("one of two divisions", "Dana", Find("Both teams"), not_seen(NOT_SEEN, concealed=GONE),
         (BOTH,)),
    Line("what is deleted", "Dana", Find("Weekly"), gone(GONE), (DELETED,)),
    Line("one of the team", "Dana", ListOf("Priya"), Done(("Later", "Weekly")), (WEEKLY, LATER)),
    Line("not what reaches further", "Dana", ListOf("Priya"), Done(("Weekly",)),
         (WEEKLY, FURTHER)),
    Line("another division", "Dana", ListOf("Sam"), not_listed(NOT_THEIRS), (SALES,), Done()),
    Line("a colleague", "Priya", ListOf("Jonas"), not_listed(NOT_THEIRS), (OTHERS,), Done()),
    Line("one of the team", "Dana", Count("Priya"), Done(("2",)), (WEEKLY, LATER)),
    Line("not what reaches further", "Dana", Count("Priya"), Done(("1",)), (WEEKLY, FURTHER)),
    Line("another division", "Dana", Count("Sam"), not_counted(NOT_COVERED), (SALES,)),
    Line("a colleague", "Priya", Count("Jonas"), no_role(NO_COUNTING), (OTHERS,),
         not_counted(NOT_COVERED)),
)

CHANGING = (
    Line("its name", "Dana", Edit(name="Monthly"), Done(), (WEEKLY,)),
    Line("what it is about", "Dana", Edit(description="Three calls"), Done(), (WEEKLY,)),
    Line("where it is", "Dana", Edit(location="Room 4"), Done(), (LED,)),
    Line("when it is", "Dana", Edit(starts_in=MOVED), Done(), (WEEKLY,)),
    Line("how long it is", "Dana", Edit(length=45), Done(), (WEEKLY,)),
    Line("by a role", "Grace", Edit(name="Monthly"), Done(), (WEEKLY,)),
    Line("what has begun", "Dana", Edit(name="Monthly"), Done(), (STARTED,)),
    Line("with a link", "Dana", Edit(link="https://a.example/b"), Done(), (WEEKLY,)),
    Line("with an interaction", "Dana", Edit(conversation="0a1b-22"), Done(), (STARTED,)),
    Line("with a document", "Dana", Edit(document="doc-7"), Done(), (WEEKLY,)),
    Line("without a name", "Dana", Edit(name=" "), bad_text("name", NO_NAME), (WEEKLY,)),
    Line("with a long name", "Dana", Edit(name="n" * 201), bad_text("name", MOST_200),
         (WEEKLY,)),
    Line("without a description", "Dana", Edit(description=""),
         bad_text("description", NO_DESCRIPTION), (WEEKLY,)),
    Line("with a long description", "Dana", Edit(description="d" * 3001),
         bad_text("description", MOST_3000), (WEEKLY,)),
    Line("at a long place", "Dana", Edit(location="l" * 501), bad_text("location", MOST_500),
         (WEEKLY,)),
    Line("into the past", "Dana", Edit(starts_in=-60 * MINUTE), bad_date(PAST), (WEEKLY,)),
    Line("beyond six weeks", "Dana", Edit(starts_in=6 * WEEK + MINUTE), bad_date(FAR),
         (WEEKLY,)),
    Line("for no time", "Dana", Edit(length=0), bad_text("length_minutes", LENGTH), (WEEKLY,)),
    Line("for too long", "Dana", Edit(length=61), bad_text("length_minutes", LENGTH), (WEEKLY,)),
    Line("over another", "Dana", Edit(starts_in=WEEK), taken(SHE_HAS_LATER), (WEEKLY, LATER)),
    Line("over one that may not be seen", "Dana", Edit(starts_in=WEEK), taken(SHE_IS_BUSY),
         (WEEKLY, FURTHER)),
    Line("with a link in the open", "Dana", Edit(link="http://a.example"), bad_link(LINK),
         (WEEKLY,)),
    Line("with half an interaction", "Dana", Edit(conversation="a/b"),
         bad_conversation(BAD_ID), (WEEKLY,)),
    Line("an attendee", "Priya", Edit(name="Monthly"), forbidden(NOT_CHANGED), (WEEKLY,)),
    Line("an attendee, a time", "Priya", Edit(starts_in=MOVED), forbidden(NOT_CHANGED),
         (WEEKLY,)),
    Line("an attendee, a link", "Priya", Edit(link="https://a.example"), forbidden(NOT_CHANGED),
         (WEEKLY,), denied("forbidden", "external_links", NOT_CHANGED)),
    Line("an agent beside it", "Jonas", Edit(name="Mine"), forbidden(NOT_CHANGED, concealed=GONE),
         (WEEKLY,)),
    Line("another division", "Omar", Edit(name="Mine"), forbidden(NOT_CHANGED, concealed=GONE),
         (WEEKLY,)),
    Line("one of two divisions", "Dana", Edit(about="Both teams", name="Mine"),
         forbidden(NOT_CHANGED, concealed=GONE), (BOTH,)),
    Line("what is deleted", "Dana", Edit(name="Monthly"), gone(GONE), (DELETED,)),
    Line("the time of what has begun", "Dana", Edit(starts_in=MOVED),
         not_now("starts_at", TIME_STANDS), (STARTED,)),
    Line("what is completed", "Dana", Edit(name="Monthly"), not_now(None, ONLY_NOTES),
         (COMPLETED,)),
    Line("what is completed, a link", "Dana", Edit(link="https://a.example"),
         not_now(None, ONLY_NOTES), (COMPLETED,), not_now("external_links", ONLY_NOTES)),
)

DELETING = (
    Line("the organizer", "Dana", Delete("Weekly"), Done(), (WEEKLY,)),
    Line("a quality manager", "Grace", Delete("Weekly"), Done(), (WEEKLY,)),
    Line("a supervisor", "Dana", Delete("Weekly"), forbidden(NOT_DELETED), (BY_GRACE,)),
    Line("an attendee", "Priya", Delete("Weekly"), forbidden(NOT_DELETED), (WEEKLY,)),
    Line("an agent beside it", "Jonas", Delete("Weekly"), forbidden(NOT_DELETED, concealed=GONE),
         (WEEKLY,)),
    Line("what has begun", "Dana", Delete("Weekly"), not_now(None, HAS_BEGUN), (STARTED,)),
    Line("what is completed", "Dana", Delete("Weekly"), not_now(None, DONE_STAYS), (COMPLETED,)),
    # Who deleted it is told in Slack that it is done, as of a press that comes twice.
    Line("what is deleted", "Grace", Delete("Weekly"), gone(GONE), (DELETED,)),
)

NOTING = (
    Line("an attendee, for all", "Priya", AddNote("Weekly", "Good", PUBLIC), Done(), (LED,)),
    Line("the organizer, alone", "Dana", AddNote("Weekly", "Hm", PRIVATE), Done(), (LED,)),
    Line("a role, for all", "Grace", AddNote("Weekly", "Good", PUBLIC), Done(), (LED,)),
    Line("on what is completed", "Dana", AddNote("Weekly", "Done", PUBLIC), Done(), (COMPLETED,)),
    Line("an attendee, alone", "Priya", AddNote("Weekly", "Hm", PRIVATE), no_role(NO_NOTE),
         (LED,)),
    Line("an agent beside it", "Jonas", AddNote("Weekly", "Hm", PUBLIC),
         no_role(NO_NOTE, concealed=GONE), (LED,)),
    Line("on what is deleted", "Dana", AddNote("Weekly", "Hm", PUBLIC), gone(GONE), (DELETED,)),
    Line("without a word", "Dana", AddNote("Weekly", " ", PUBLIC), bad_note(EMPTY_NOTE), (LED,),
         NOTHING_TYPED),
    Line("a long one", "Dana", AddNote("Weekly", "n" * 4001, PUBLIC), bad_note(LONG_NOTE), (LED,)),
)
# fmt: on

EDITING = (*LOOKING, *CHANGING, *DELETING, *NOTING)
