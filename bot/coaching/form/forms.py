"""Use cases: begin the form of a session, keep what is typed in it, and begin it over.

What was typed is a draft of its own for each person and session, and one for a new session. It
lasts for seven days after it was last typed in. A form that was sent keeps nothing but its token.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from bot.coaching.form.drafts import (
    FormDraft,
    begin,
    find_draft,
    is_untouched,
    keep_draft,
    merge,
    prefilled,
    standing,
)
from bot.coaching.form.pages import Desk, desk_for, page_of
from bot.coaching.form.values import FormPage, Prefill, TypedChanges
from bot.coaching.ground import rules
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied
from bot.coaching.ground.lifecycle import ensure_may_edit
from bot.coaching.ground.values import Caller
from bot.coaching.office.forgetting import DRAFTS_KEPT
from bot.coaching.policy.policies import Policy
from bot.coaching.sessions.scheduling import made_by
from bot.coaching.times.wording import clocks_of, say_when
from storage.records import AttachedFile
from storage.transaction import Transaction


def open_form(
    context: Context, caller: Caller, subject: str, *, prefill: Prefill | None = None
) -> FormPage:
    """Begin the form of a session, or of a `new` one, or continue it where it was left.

    What is known beforehand wins over what was left. Who may not change the session begins
    nothing. Raises NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        draft = find_open(tx, desk)
        if draft is None or is_untouched(draft):
            draft = keep(tx, desk, begun(desk, prefill)) if desk.may_edit else None
            return page_of(tx, desk, draft)
        if prefill is not None and desk.subject is None:
            base = prefilled(prefill, desk.blank())
            base = replace(base, submission=draft.typed.submission)
            draft = replace(draft, typed=prefilled(prefill, draft.typed), base=base)
            keep(tx, desk, draft)
        said = say_when(draft.began_at, clocks_of(desk.reader), desk.now)
        return page_of(tx, desk, draft, resumed=f"You began this {said}.")


def keep_typed(
    context: Context,
    caller: Caller,
    subject: str,
    changes: TypedChanges,
    *,
    submission: str | None = None,
) -> FormPage:
    """Keep what one tab told, unchecked; what the person may not change is left out.

    What reaches a form after it was sent, or under another form's `submission`, is not kept.
    Raises NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        draft = keep_changes(tx, desk, changes, submission)
        tx.drafts.forget_before(desk.now - DRAFTS_KEPT)
        return page_of(tx, desk, draft)


def attach(
    context: Context,
    caller: Caller,
    subject: str,
    kind: str,
    values: Sequence[str] | Sequence[AttachedFile],
    *,
    submission: str | None = None,
) -> FormPage:
    """Attach things of one kind, a field of the form, to what is typed (contract, section 8).

    A form that was sent takes nothing any more. Raises Invalid with the kind as its field,
    Conflict, NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        found = _checked(kind, values, context.policy)
        draft = _find_listing(tx, desk, kind, submission)
        if draft is None:
            return page_of(tx, desk, draft)
        there = getattr(standing(draft, desk.current), kind)
        every = _checked(kind, (*there, *found), context.policy)
        return page_of(tx, desk, keep(tx, desk, _listing(desk, draft, kind, every)))


def detach(
    context: Context,
    caller: Caller,
    subject: str,
    kind: str,
    value: str | AttachedFile,
    *,
    submission: str | None = None,
) -> FormPage:
    """Take one thing away from what is typed; a file may be named by its id.

    Raises Conflict, NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        draft = _find_listing(tx, desk, kind, submission)
        if draft is None:
            return page_of(tx, desk, draft)
        there = getattr(standing(draft, desk.current), kind)
        left = tuple(each for each in there if value not in (each, getattr(each, "file_id", each)))
        return page_of(tx, desk, keep(tx, desk, _listing(desk, draft, kind, left)))


def start_over(
    context: Context, caller: Caller, subject: str, *, submission: str | None = None
) -> FormPage:
    """Forget what was typed: the form holds again what it began with.

    Where the form of this `submission` gave way to another, that one stays as it is: asking twice
    forgets nothing that was typed in between. Raises NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        draft = find_open(tx, desk)
        if not desk.may_edit:
            tx.drafts.drop(caller.person_id, desk.key)
            return page_of(tx, desk, None)
        if draft is not None and (submission or draft.typed.submission) != draft.typed.submission:
            return page_of(tx, desk, draft)
        fresh = begun(desk, None)
        if desk.subject is None and draft is not None:
            fresh = begin(draft.base, now=desk.now)
        return page_of(tx, desk, keep(tx, desk, fresh))


def hold_form(tx: Transaction, caller: Caller, subject: str) -> None:
    """Lock a person's form until the transaction ends, so that no typing is lost to another."""
    tx.people.hold([f"form:{caller.person_id}:{subject}"])


def find_open(tx: Transaction, desk: Desk) -> FormDraft | None:
    """Find what was typed in a form that was not sent yet."""
    draft = find_draft(tx, desk.caller.person_id, desk.key)
    return None if draft is None or _was_sent(tx, desk, draft.typed.submission) else draft


def keep(tx: Transaction, desk: Desk, draft: FormDraft) -> FormDraft:
    """Write a draft down."""
    keep_draft(tx, desk.caller.person_id, desk.key, draft, desk.now)
    return draft


def keep_changes(
    tx: Transaction, desk: Desk, changes: TypedChanges, submission: str | None
) -> FormDraft | None:
    """Merge what was told into the draft; a form that was sent takes nothing any more.

    Raises Invalid for more than anybody types.
    """
    rules.ensure_draft({each.name: getattr(changes, each.name) for each in fields(changes)})
    found = find_draft(tx, desk.caller.person_id, desk.key)
    if _is_over(tx, desk, found, submission):
        return found
    draft = found or begun(desk, None, submission=submission)
    draft = merge(draft, changes, desk.fields, desk.current)
    if found is None and not desk.may_edit and is_untouched(draft):
        return None
    return keep(tx, desk, draft)


def _is_over(tx: Transaction, desk: Desk, found: FormDraft | None, submission: str | None) -> bool:
    """Answer whether a form to schedule was sent, or gave way to one that was begun later."""
    if desk.subject is not None:
        return False
    kept = found.typed.submission if found else submission
    return (submission or kept) != kept or _was_sent(tx, desk, kept)


def _was_sent(tx: Transaction, desk: Desk, submission: str | None) -> bool:
    if desk.subject is not None or not submission:
        return False
    return made_by(tx, desk.caller, submission) is not None


def begun(desk: Desk, prefill: Prefill | None, *, submission: str | None = None) -> FormDraft:
    """Begin a form with what is there, or for a new session with what is known beforehand."""
    base, revision = desk.blank(), 0
    if desk.subject is not None:
        revision = desk.subject.appointment.revision
    elif prefill is not None:
        base = prefilled(prefill, base)
    return begin(base, revision=revision, now=desk.now, submission=submission)


def _find_listing(
    tx: Transaction, desk: Desk, kind: str, submission: str | None
) -> FormDraft | None:
    """Find or begin the draft to which things of a kind may be attached; None for one sent.

    Raises Denied, Conflict.
    """
    if kind not in desk.fields:
        raise Denied(
            "Only the organizer or the facilitator of a session can change it.", code="forbidden"
        )
    if desk.subject is not None:
        ensure_may_edit(desk.subject.appointment.status, frozenset({kind}))
    found = find_draft(tx, desk.caller.person_id, desk.key)
    if _is_over(tx, desk, found, submission):
        return None
    return found or begun(desk, None, submission=submission)


def _listing(desk: Desk, draft: FormDraft, kind: str, values: tuple[Any, ...]) -> FormDraft:
    """Write a list as it should be, beside the list as it is now."""
    listed: dict[str, Any] = {kind: values}
    typed = replace(draft.typed, **listed)
    if desk.current is None:
        return replace(draft, typed=typed)
    base = replace(draft.base, **{kind: getattr(desk.current, kind)})
    return replace(draft, typed=typed, base=base)


def _checked(kind: str, values: Sequence[Any], policy: Policy) -> tuple[Any, ...]:
    """Give what is to be attached as it will be stored. Raises Invalid."""
    if kind == "files":
        return rules.ensure_files(values, policy)
    if kind == "conversation_ids":
        return rules.ensure_conversations(values, policy)
    if kind == "external_links":
        return rules.ensure_links(values, policy)
    return rules.ensure_ids(values, kind, policy)
