"""The only way to do anything: the use cases, and the values that go in and come out."""

from bot.coaching.aggregates import (
    AggregateQuery,
    AggregateResult,
    Clause,
    Dimension,
    Metric,
    Predicate,
    aggregate,
)
from bot.coaching.annotations import (
    add_annotation,
    delete_annotation,
    edit_annotation,
    find_annotation,
    list_annotations,
)
from bot.coaching.announcements import announce, next_due_at
from bot.coaching.availability import Slot
from bot.coaching.changing import change, delete
from bot.coaching.clients import (
    Client,
    IssuedToken,
    NewClient,
    caller_for_token,
    create_client,
    issue_token,
    list_clients,
    revoke_client,
)
from bot.coaching.context import Clock, Context, system_clock
from bot.coaching.conversations import add_conversation
from bot.coaching.errors import CoachingError, Conflict, Denied, Invalid, NotFound, Unavailable
from bot.coaching.finding import card, find, list_appointments, list_cards, my_appointments
from bot.coaching.help import HelpPage, HelpTopic, help_for
from bot.coaching.home import home
from bot.coaching.importing import COLUMNS as IMPORT_COLUMNS
from bot.coaching.importing import Fault, Imported, ImportRefused, import_people
from bot.coaching.inbox import (
    inbox,
    mark_all_as_read,
    mark_as_read,
    notice,
    notification,
    notifications,
)
from bot.coaching.note_cards import NoteCard, NotesPage, notes_page
from bot.coaching.people import (
    Member,
    caller_for_slack,
    members,
    people_by_slack,
    prepare,
    register,
    remember_channel,
)
from bot.coaching.picking import SessionChoice, session_choices
from bot.coaching.policy import Lead, Policy
from bot.coaching.roles import grant_role, load_roles, revoke_role, role_definitions
from bot.coaching.scheduling import schedule, schedule_defaults
from bot.coaching.slot_jobs import (
    JobSlot,
    SlotJob,
    SlotJobRequest,
    SlotJobStatus,
    add_slot_job,
    find_slot_job,
)
from bot.coaching.slots import AvailableTime, PersonSchedule, SlotAnswer, SlotQuery, find_slots
from bot.coaching.spoken import read_length
from bot.coaching.status_cards import StatusEntry, StatusPage, status_page
from bot.coaching.statuses import change_status, invalidate, status_history
from bot.coaching.typed_request import Request, read_request
from bot.coaching.unset import UNSET, Unset
from bot.coaching.values import (
    Action,
    Agenda,
    Announcement,
    AppointmentChanges,
    AppointmentQuery,
    Caller,
    Card,
    Inbox,
    NewAppointment,
    Notice,
    Page,
    ScheduleDefaults,
    SlackProfile,
)
from bot.coaching.when import Ambiguous, NotUnderstood, Understood, When, read_when
from bot.coaching.wording import zone_of
from storage.filters import Interval, IntervalCondition
from storage.records import (
    Annotation,
    Appointment,
    AttachedFile,
    Notification,
    Person,
    StatusChange,
)
from storage.types import AccessType, ActionType, Relationship, Source, Standing, Status

__all__ = [
    "IMPORT_COLUMNS",
    "UNSET",
    "AccessType",
    "Action",
    "ActionType",
    "Agenda",
    "AggregateQuery",
    "AggregateResult",
    "Ambiguous",
    "Annotation",
    "Announcement",
    "Appointment",
    "AppointmentChanges",
    "AppointmentQuery",
    "AttachedFile",
    "AvailableTime",
    "Caller",
    "Card",
    "Clause",
    "Client",
    "Clock",
    "CoachingError",
    "Conflict",
    "Context",
    "Denied",
    "Dimension",
    "Fault",
    "HelpPage",
    "HelpTopic",
    "ImportRefused",
    "Imported",
    "Inbox",
    "Interval",
    "IntervalCondition",
    "Invalid",
    "IssuedToken",
    "JobSlot",
    "Lead",
    "Member",
    "Metric",
    "NewAppointment",
    "NewClient",
    "NotFound",
    "NotUnderstood",
    "NoteCard",
    "NotesPage",
    "Notice",
    "Notification",
    "Page",
    "Person",
    "PersonSchedule",
    "Policy",
    "Predicate",
    "Relationship",
    "Request",
    "ScheduleDefaults",
    "SessionChoice",
    "SlackProfile",
    "Slot",
    "SlotAnswer",
    "SlotJob",
    "SlotJobRequest",
    "SlotJobStatus",
    "SlotQuery",
    "Source",
    "Standing",
    "Status",
    "StatusChange",
    "StatusEntry",
    "StatusPage",
    "Unavailable",
    "Understood",
    "Unset",
    "When",
    "add_annotation",
    "add_conversation",
    "add_slot_job",
    "aggregate",
    "announce",
    "caller_for_slack",
    "caller_for_token",
    "card",
    "change",
    "change_status",
    "create_client",
    "delete",
    "delete_annotation",
    "edit_annotation",
    "find",
    "find_annotation",
    "find_slot_job",
    "find_slots",
    "grant_role",
    "help_for",
    "home",
    "import_people",
    "inbox",
    "invalidate",
    "issue_token",
    "list_annotations",
    "list_appointments",
    "list_cards",
    "list_clients",
    "load_roles",
    "mark_all_as_read",
    "mark_as_read",
    "members",
    "my_appointments",
    "next_due_at",
    "notes_page",
    "notice",
    "notification",
    "notifications",
    "people_by_slack",
    "prepare",
    "read_length",
    "read_request",
    "read_when",
    "register",
    "remember_channel",
    "revoke_client",
    "revoke_role",
    "role_definitions",
    "schedule",
    "schedule_defaults",
    "session_choices",
    "status_history",
    "status_page",
    "system_clock",
    "zone_of",
]
