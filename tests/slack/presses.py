"""Everything that can be pressed, picked, sent and typed: one line for each thing listened to."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import FormTab
from bot.slack.admin import divisions as admin_divisions
from bot.slack.admin import doubles as admin_doubles
from bot.slack.admin import people as admin_people
from bot.slack.admin import person_form as admin_person_form
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from bot.slack.admin.page import short
from bot.slack.blocks.cards import SNOOZE, Wish
from bot.slack.blocks.targets import InboxPage, Listing, Target, pack
from bot.slack.home.team import Looking
from bot.slack.notes import form as notes_form
from bot.slack.notes import noting
from bot.slack.notes.form import Editing, Place
from bot.slack.session import attachments as session_attachments
from bot.slack.session import frame as session_frame
from bot.slack.session import opening as session
from bot.slack.session import schedule as session_schedule
from bot.slack.settings import form as settings_form
from tests.slack.office import ALEX, DANA, PRIYA, Office

Payload = dict[str, Any]
PRESSED: Final = "pressed"
"""The block of the element that a line is about."""


@dataclass(frozen=True)
class Facts:
    """What the lines are about: a session with a note, of which Priya has heard."""

    office: Office
    session: str
    note: str
    notice: str
    deliveries: Mapping[str, int]
    """Of each person, the message about the session."""
    marks: Mapping[str, str]
    division: str
    later: datetime

    @property
    def place(self) -> Place:
        return Place(self.session, 1, self.note)


Packed = Callable[[Facts], str]
Laid = Callable[[Facts], View]


@dataclass(frozen=True)
class Press:
    """An element, where it stands, and who uses it."""

    where: str
    value: Packed = lambda _: "any"
    kind: str = "button"
    who: str = DANA

    def element(self, action_id: str, facts: Facts) -> Payload:
        shown = {"type": self.kind, "action_id": action_id}
        value = self.value(facts)
        match self.kind:
            case "button":
                return shown | {"text": plain("Press"), "value": value}
            case "static_select":
                return shown | {"options": [{"text": plain("Pick"), "value": value}]}
            case "external_select":
                return shown | {"min_query_length": 0}
        return shown

    def chosen(self, facts: Facts) -> object:
        """What is picked; nothing for a button."""
        value = self.value(facts)
        if self.kind == "external_select":
            return {"text": plain("Pick"), "value": value}
        if self.kind == "datetimepicker":
            return facts.later
        return None if self.kind == "button" else value


@dataclass(frozen=True)
class Send:
    """A form that is sent as it is, but for what is typed in it."""

    form: Laid
    who: str = DANA
    typed: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Tell:
    """Something that happens, or that is typed or chosen without any element."""

    words: str = ""
    who: str = DANA


def plain(words: str) -> Payload:
    return {"type": "plain_text", "text": words}


def admin(*, below: bool = False, value: Packed = lambda _: "any", kind: str = "button") -> Press:
    return Press("home" if below else "page", value, kind, ALEX)


def asked(facts: Facts, who: str = DANA) -> tuple[coaching.Context, coaching.Caller]:
    return facts.office.context, facts.office.caller(who)


def carried(facts: Facts, **more: Any) -> str:
    return pack(session_frame.Carried(subject=facts.session, **more))


def moment(facts: Facts) -> str:
    return pack(session_schedule.Moment(int(facts.later.timestamp())))


def target(facts: Facts) -> str:
    return pack(Target(facts.session, delivery_id=facts.deliveries[DANA], mark=facts.marks[DANA]))


def unread(facts: Facts) -> str:
    mine, mark = facts.deliveries[PRIYA], facts.marks[PRIYA]
    return pack(Target(facts.session, facts.notice, delivery_id=mine, mark=mark))


def begun(facts: Facts) -> str:
    """The session in progress."""
    return become(facts, coaching.Status.IN_PROGRESS)


def completed(facts: Facts) -> str:
    """The session completed a moment ago."""
    return become(facts, coaching.Status.COMPLETED)


def become(facts: Facts, status: coaching.Status) -> str:
    if coaching.card(*asked(facts), facts.session).status is not status:
        coaching.change_status(*asked(facts), facts.session, status)
    return target(facts)


def reminded(facts: Facts) -> str:
    """A reminder that is put off; it is due from now."""
    _, dana = asked(facts)
    with facts.office.store.read() as tx:
        due = [
            each
            for each in tx.deliveries.of(facts.session)
            if each.kind is coaching.ActionType.REMINDER and each.person_id == dana.person_id
        ]
    first = min(due, key=lambda each: each.due_at)
    facts.office.sandbox.clock.move_to(max(first.due_at, facts.office.now()))
    wish = Wish(delivery_id=first.id, mark=first.mark, choice=coaching.Snooze.TEN_MINUTES)
    return pack(wish)


def in_form(value: Packed = lambda _: "any", kind: str = "button") -> Press:
    return Press("session", value, kind)


def placed(facts: Facts) -> str:
    return pack(facts.place)


def search(_: Facts) -> str:
    return pack(admin_people.Search(page=1))


def division(facts: Facts) -> str:
    return pack(admin_divisions.Naming(facts.division))


POLICY: Final = "max_length_minutes"
COMMANDS: Final[Mapping[str, Tell]] = {
    "admin": Tell(who=ALEX),
    "edit": Tell("call"),
    "help": Tell(),
    "inbox": Tell(who=PRIYA),
    "list": Tell("today"),
    "note": Tell("call"),
    "report": Tell(),
    "schedule": Tell("@Priya Raman tomorrow 3pm for 30m refunds"),
    "settings": Tell(),
    "status": Tell("call"),
    "why": Tell("call"),
    "nonsense": Tell(),
}
"""What is typed behind each word of the command."""
EVENTS: Final[Mapping[str, Callable[[Facts], Payload]]] = {
    "app_home_opened": lambda _: {"user": DANA, "channel": "D0", "tab": "home"},
    "team_join": lambda _: {"user": {"id": "U0NEW", "name": "new", "real_name": "New"}},
    "user_change": lambda _: {"user": {"id": PRIYA, "name": "priya", "real_name": "Priya R"}},
}
SHORTCUTS: Final[Mapping[str, Tell]] = {
    "coach_on_this": Tell("message"),
    "schedule_coaching": Tell(),
}
PICKS: Final = dict.fromkeys(
    ("session_pick", "notes_pick", "status_pick", "why_pick"),
    Press("page", lambda f: f.session, "external_select"),
)
OPTIONS: Final[Mapping[str, Press]] = {
    **PICKS,
    "admin_division": Press("page", lambda f: f.division, "external_select", ALEX),
    "admin_pick_division": Press("page", lambda f: f.division, "external_select", ALEX),
    "admin_pick_roles": Press("page", lambda f: f.division, "external_select", ALEX),
    "team_division": Press("page", lambda f: f.division, "external_select"),
}
"""The menus of which the options are looked up."""
VIEWS: Final[Mapping[str, Send]] = {
    "session": Send(lambda f: session.page_of(*asked(f), f.session), typed={"name-0": "Refunds"}),
    "session_note_save": Send(
        lambda f: notes_form.edit_form(
            Editing(f.place, "V0", carried(f)), "Once more", callback_id="session_note_save"
        )
    ),
    "add_note": Send(lambda f: noting.page_of(*asked(f), f.session), typed={"typed": "Well done"}),
    "save_note": Send(lambda f: notes_form.edit_form(Editing(f.place, "V0"), "Once more")),
    "settings": Send(
        lambda f: settings_form.form(*settings_form.begin(coaching.settings_page(*asked(f))))
    ),
    "admin_search": Send(
        lambda f: admin_people.write(*asked(f, ALEX), search=admin_people.Search()), ALEX
    ),
    "admin_save_person": Send(
        lambda f: admin_person_form.form(
            coaching.person_page(*asked(f, ALEX), f.office.caller(PRIYA).person_id),
            admin_person_form.Carried("V0"),
        ),
        ALEX,
    ),
    "admin_save_division": Send(
        lambda _: admin_divisions.form(admin_divisions.Naming(below="V0"), "Support"), ALEX
    ),
    "admin_save_role": Send(
        lambda f: admin_roles.form(coaching.role_page(*asked(f, ALEX), "Agent"), "V0"), ALEX
    ),
    "admin_save_policy": Send(
        lambda f: admin_policies.form(coaching.policy_line(*asked(f, ALEX), POLICY), "V0"), ALEX
    ),
}
ACTIONS: Final[Mapping[str, Press]] = {
    "admin_people": admin(value=lambda _: "admin_people"),
    "admin_people_previous": admin(value=search),
    "admin_people_next": admin(value=search),
    "admin_search": admin(value=lambda _: "priya"),
    "admin_division": admin(value=lambda f: f.division, kind="static_select"),
    "admin_find": admin(value=lambda _: PRIYA, kind="users_select"),
    "admin_person": admin(
        value=lambda f: pack(admin_people.PersonTarget(f.office.caller(PRIYA).person_id))
    ),
    "admin_join": admin(
        value=lambda f: pack(admin_doubles.Pair(f.office.caller(PRIYA).person_id, "joined before"))
    ),
    "admin_divisions": admin(value=lambda _: "admin_divisions"),
    "admin_divisions_previous": admin(value=lambda _: pack(admin_divisions.DivisionsShown())),
    "admin_divisions_next": admin(value=lambda _: pack(admin_divisions.DivisionsShown())),
    "admin_add_division": admin(value=lambda _: pack(admin_divisions.Naming())),
    "admin_rename_division": admin(value=division),
    "admin_roles": admin(),
    "admin_role": admin(value=lambda _: short("Agent"), kind="static_select"),
    "admin_policies": admin(),
    "admin_change_policy": admin(value=lambda _: pack(admin_policies.PolicyTarget(POLICY))),
    "admin_default_policy": admin(value=lambda _: pack(admin_policies.PolicyTarget(POLICY))),
    "open_schedule": Press("home"),
    "open_session": Press("message", lambda f: pack(Target(f.session))),
    **PICKS,
    **{f"session_tab_{tab}": in_form() for tab in FormTab},
    **{f"session_answer_{number}": in_form(moment) for number in range(4)},
    **{f"session_beyond_{number}": in_form(moment) for number in range(5)},
    "session_check": in_form(),
    "session_slot": in_form(lambda f: str(int(f.later.timestamp())), "static_select"),
    "session_time": in_form(kind="datetimepicker"),
    "session_attach": in_form(),
    "session_detach": in_form(
        lambda _: pack(session_attachments.Attached("external_links", "0" * 20))
    ),
    **{
        f"session_{name}": in_form(lambda _: pack(session_attachments.PageNumber(1)))
        for name in ("attached_previous", "attached_next", "notes_newer", "notes_older")
    },
    "session_note_remove": in_form(placed),
    "session_note_edit": in_form(placed),
    "session_delete": in_form(),
    "session_start": in_form(),
    "session_complete": in_form(),
    "session_start_over": in_form(),
    "session_typed": in_form(),
    "list_previous": Press("message", lambda _: pack(Listing())),
    "list_next": Press("message", lambda _: pack(Listing())),
    "open_inbox": Press("home", who=PRIYA),
    "inbox_previous": Press("message", lambda _: pack(InboxPage()), who=PRIYA),
    "inbox_next": Press("message", lambda _: pack(InboxPage()), who=PRIYA),
    "mark_all_as_read": Press("page", who=PRIYA),
    "notes_newer": Press("page", placed),
    "notes_older": Press("page", placed),
    "edit_note": Press("page", placed),
    "remove_note": Press("page", placed),
    "status_start": Press("page", target),
    "status_complete": Press("page", target),
    "status_reset": Press("page", begun),
    "status_undo": Press("page", completed),
    "team_person": Press("home", lambda _: PRIYA, "users_select"),
    "team_kind": Press("home", lambda _: "completed", "static_select"),
    "team_period": Press("home", lambda _: "next_week", "static_select"),
    "team_division": Press("home", lambda f: f.division, "static_select"),
    **{
        f"team_{name}": Press("home", lambda _: pack(Looking()))
        for name in ("open", "everybody", "previous", "next")
    },
    "start": Press("message", target),
    "complete": Press("home", target),
    "undo_completion": Press("message", completed),
    "mark_as_read": Press("message", unread, who=PRIYA),
    SNOOZE: Press("message", reminded, "static_select"),
}
"""Where each button and menu stands, and what it is about."""


def page(facts: Facts, press: Press) -> Payload:
    """What the element of a line stands on."""
    if press.where == "session":
        return session.page_of(*asked(facts), facts.session).to_dict()
    kind = "home" if press.where == "home" else "modal"
    shown: Payload = {"type": kind, "blocks": [], "private_metadata": json.dumps({})}
    return shown if kind == "home" else shown | {"title": plain("Page")}


def gather(office: Office) -> Facts:
    """Say what the lines are about; the session must be there."""
    [card] = office.cards()
    context, dana = office.context, office.caller(DANA)
    note = coaching.add_annotation(
        *(context, dana, card.appointment_id), text="Well done", access_type=PUBLIC
    )
    priya = office.caller(PRIYA)
    [notice] = [
        each
        for each in coaching.notifications(context, priya).entities
        if each.action_type is coaching.ActionType.CREATE
    ]
    with office.store.read() as tx:
        sent = [each for each in tx.deliveries.of(card.appointment_id) if each.message_ts]
        person = tx.people.get(priya.person_id)
    assert person
    mine = {
        user_id: next(each for each in sent if each.person_id == caller.person_id)
        for user_id, caller in ((DANA, dana), (PRIYA, priya))
    }
    return Facts(
        office=office,
        session=card.appointment_id,
        note=note.id,
        notice=notice.id,
        deliveries={user_id: each.id for user_id, each in mine.items()},
        marks={user_id: each.mark for user_id, each in mine.items()},
        division=person.division_id,
        later=office.now() + timedelta(hours=30),
    )


PUBLIC: Final = coaching.AccessType.PUBLIC
