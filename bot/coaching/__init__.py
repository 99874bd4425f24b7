"""The only way to do anything: the use cases, and the values that go in and come out."""

from bot.coaching.announcements import announce
from bot.coaching.changing import change, delete
from bot.coaching.context import Clock, Context, system_clock
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
from bot.coaching.people import (
    Member,
    caller_for_slack,
    members,
    people_by_slack,
    prepare,
    register,
    remember_channel,
)
from bot.coaching.policy import Lead, Policy
from bot.coaching.scheduling import schedule, schedule_defaults
from bot.coaching.statuses import change_status, invalidate, status_history
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
from storage.filters import Interval, IntervalCondition
from storage.records import Appointment, Notification, Person, StatusChange
from storage.types import AccessType, ActionType, Relationship, Source, Standing, Status

__all__ = [
    "IMPORT_COLUMNS",
    "UNSET",
    "AccessType",
    "Action",
    "ActionType",
    "Agenda",
    "Announcement",
    "Appointment",
    "AppointmentChanges",
    "AppointmentQuery",
    "Caller",
    "Card",
    "Clock",
    "CoachingError",
    "Conflict",
    "Context",
    "Denied",
    "Fault",
    "HelpPage",
    "HelpTopic",
    "ImportRefused",
    "Imported",
    "Inbox",
    "Interval",
    "IntervalCondition",
    "Invalid",
    "Lead",
    "Member",
    "NewAppointment",
    "NotFound",
    "Notice",
    "Notification",
    "Page",
    "Person",
    "Policy",
    "Relationship",
    "ScheduleDefaults",
    "SlackProfile",
    "Source",
    "Standing",
    "Status",
    "StatusChange",
    "Unavailable",
    "Unset",
    "announce",
    "caller_for_slack",
    "card",
    "change",
    "change_status",
    "delete",
    "find",
    "help_for",
    "home",
    "import_people",
    "inbox",
    "invalidate",
    "list_appointments",
    "list_cards",
    "mark_all_as_read",
    "mark_as_read",
    "members",
    "my_appointments",
    "notice",
    "notification",
    "notifications",
    "people_by_slack",
    "prepare",
    "register",
    "remember_channel",
    "schedule",
    "schedule_defaults",
    "status_history",
    "system_clock",
]
