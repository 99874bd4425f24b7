"""What can be done in the session form, each in one hop: keep what the tab tells, then act.

Every act answers with the form as it is afterwards, or with why there is none any more. What is
refused is said at its field, on the tab where that field stands, and what was typed stays typed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import structs

from bot import coaching
from bot.coaching import FormTab, Unset
from bot.slack.session import form as session_form
from bot.slack.session.frame import NEW, Carried, Question, Shown, Told
from bot.slack.turns.errors import Refusal, refusal_of
from bot.slack.turns.shell import UnknownAccounts


@dataclass(frozen=True, slots=True)
class Ended:
    """There is no form any more; says why."""

    sentence: str
    is_lost: bool = True
    """Whether something that was typed found no place."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a form begins with, and what has to be said about it."""

    prefill: coaching.Prefill | None = None
    told: str = ""
    question: Question | None = None


Starting = Callable[[coaching.Context, coaching.Caller], Start]
Act = Callable[[coaching.Context, coaching.Caller, Carried, Told], Shown | Ended]


def begin(
    context: coaching.Context, caller: coaching.Caller, *, subject: str, starting: Starting | None
) -> Shown:
    """Begin the form, or continue what was begun. Raises CoachingError, UnknownAccounts."""
    start = starting(context, caller) if starting else Start()
    page = coaching.open_form(context, caller, subject, prefill=start.prefill)
    if subject == NEW and page.resumed is None:
        likely = _with_oneself(start.prefill or coaching.Prefill(), caller)
        page = coaching.open_form(context, caller, subject, prefill=likely)
    carried = Carried(
        subject=page.subject,
        question=start.question,
        told=start.told,
        submission=page.typed.submission,
    )
    return Shown(page=page, carried=carried, notes=page.notes)


def _with_oneself(prefill: coaching.Prefill, caller: coaching.Caller) -> coaching.Prefill:
    """Begin with whoever schedules as the one who coaches, unless something else is known."""
    if prefill.facilitator_id is not None or caller.person_id in (prefill.attendee_ids or ()):
        return prefill
    return replace(prefill, facilitator_id=caller.person_id)


def keep(
    context: coaching.Context, caller: coaching.Caller, carried: Carried, told: Told
) -> coaching.FormPage:
    """Keep what the tab tells. Raises CoachingError, UnknownAccounts."""
    known = people_of(context, told.accounts)
    changes = told.changes
    if not isinstance(told.attendees, Unset):
        changes = replace(changes, attendee_ids=tuple(known[each] for each in told.attendees))
    if not isinstance(told.facilitator, Unset):
        leader = known[told.facilitator] if told.facilitator else None
        changes = replace(changes, facilitator_id=leader)
    token = carried.submission or None
    return coaching.keep_typed(context, caller, carried.subject, changes, submission=token)


def people_of(context: coaching.Context, accounts: tuple[str, ...]) -> dict[str, str]:
    """Lead from accounts to people. Raises UnknownAccounts for those nobody has met."""
    known = dict(coaching.people_by_slack(context, accounts))
    strangers = [each for each in accounts if each not in known]
    if strangers:
        raise UnknownAccounts(strangers)
    return known


def attempt(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    act: Act,
    carried: Carried,
    told: Told,
) -> Shown | Ended:
    """Do something in the form; what is refused is said in it. Raises Unavailable."""
    try:
        return act(context, caller, carried, told)
    except coaching.Unavailable:
        raise
    except coaching.CoachingError as error:
        return with_problem(context, caller, (carried, told), refusal_of(error))


def with_problem(
    context: coaching.Context,
    caller: coaching.Caller,
    sent: tuple[Carried, Told],
    refusal: Refusal,
    *,
    is_taken: bool = False,
) -> Shown | Ended:
    """Show the tab on which something is wrong, and what; or why there is no form any more."""
    carried, told = sent
    field = session_form.ALIASES.get(refusal.field or "", refusal.field or "")
    tab = session_form.TAB_OF.get(field, carried.tab)
    if is_taken:
        carried = structs.replace(carried, is_checked=True)
    try:
        page = keep(context, caller, carried, told)
        shown = show(context, caller, page, structs.replace(carried, tab=tab))
    except coaching.Unavailable:
        raise
    except coaching.CoachingError as gone:
        return Ended(refusal_of(gone).sentence)
    half_typed = half_typed_in(told)
    return replace(shown, problem=refusal.sentence, at=field or None, half_typed=half_typed)


def show(
    context: coaching.Context,
    caller: coaching.Caller,
    page: coaching.FormPage,
    carried: Carried,
) -> Shown:
    """Show the open tab, with the free times or the notes that stand on it."""
    shown = Shown(page=page, carried=carried, notes=page.notes)
    if carried.tab is FormTab.NOTES and carried.page > 1 and page.notes is not None:
        notes = coaching.notes_page(context, caller, carried.subject, page_number=carried.page)
        return replace(shown, notes=notes)
    if carried.tab is FormTab.SCHEDULE and carried.is_checked and page.may_move:
        return _with_board(context, caller, shown)
    return shown


def _with_board(context: coaching.Context, caller: coaching.Caller, shown: Shown) -> Shown:
    try:
        return replace(shown, board=coaching.slot_board(context, caller, shown.carried.subject))
    except coaching.Unavailable:
        raise
    except coaching.CoachingError as error:
        return replace(shown, problem=refusal_of(error).sentence)


def half_typed_in(told: Told, *kinds: str) -> dict[str, str]:
    """Give what stands in the fields for attachments, so that it can stand there again."""
    return {
        kind: str(values[0])
        for kind, values in told.attached
        if kind != "files" and (not kinds or kind in kinds)
    }
