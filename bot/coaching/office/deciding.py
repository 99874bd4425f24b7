"""Use cases: what the organisation decides, by administrators of every division.

What the environment says is the default; a decision wins over it until it is taken back. Every
process reads the decisions anew every few seconds, and the one that decided does so at once.
"""

from dataclasses import dataclass

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid, NotFound
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import ADMINISTRATORS, whole_office_of
from bot.coaching.office.syncing import PEOPLE
from bot.coaching.policy.decisions import (
    DECISIONS,
    GUESTS,
    Decision,
    decided_on,
    decision_of,
    typed_value,
)
from bot.coaching.sessions.planning_anew import PLANS, note_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A decision as it stands."""

    name: str
    title: str
    sentence: str
    typed: str
    """What holds, as it would be typed."""
    said: str
    said_by_default: str
    is_decided: bool
    """Whether an administrator decided it; if not, the installation's settings hold."""
    is_yes_or_no: bool


def policies_page(context: Context, caller: Caller) -> tuple[PolicyLine, ...]:
    """List what may be decided, and what holds. Raises Denied, Unavailable."""
    return _lines(context, caller)


def policy_line(context: Context, caller: Caller, name: str) -> PolicyLine:
    """Show one decision. Raises Denied, NotFound, Unavailable."""
    found = next((each for each in _lines(context, caller) if each.name == name), None)
    if found is None:
        raise _unknown()
    return found


def decide_policy(context: Context, caller: Caller, name: str, typed: str | None) -> None:
    """Decide something, or go back to the installation's settings by None.

    What was promised before follows: that is noted here, and done by `plan_anew`. Raises Denied,
    NotFound, Invalid, Unavailable.
    """
    now, decision = context.clock(), decision_of(name)
    if decision is None:
        raise _unknown()
    wanted = None if typed is None else _checked(decision, typed)
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS, PLANS])
        whole_office_of(tx, caller)
        before = tx.policies.all()
        after = {key: value for key, value in before.items() if key != name}
        if wanted is not None:
            after[name] = wanted
        if after != before:
            tx.policies.replace(after)
            note_policy(tx, decided_on(context.book.defaults, after))
            if name == GUESTS:
                # Who is a guest, Slack knows: everybody is read anew.
                tx.syncs.begin_anew(PEOPLE)
            deed = trail.Deed(
                action="decide",
                entity="policy",
                entity_id=name,
                before={"value": before.get(name)},
                after={"value": wanted},
            )
            trail.record(tx, caller, now, deed)
    context.book.take(after)


def reload_policies(context: Context) -> None:
    """Follow what was decided elsewhere. Raises Unavailable."""
    with context.read() as tx:
        decided = tx.policies.all()
    context.book.take(decided)


def _lines(context: Context, caller: Caller) -> tuple[PolicyLine, ...]:
    with context.read() as tx:
        whole_office_of(tx, caller)
        decided = tx.policies.all()
    context.book.take(decided)
    return tuple(_line(context, each, is_decided=each.name in decided) for each in DECISIONS)


def _line(context: Context, decision: Decision, *, is_decided: bool) -> PolicyLine:
    typed = typed_value(decision, context.policy)
    return PolicyLine(
        name=decision.name,
        title=decision.title,
        sentence=decision.sentence,
        typed=typed,
        said=decision.say(typed),
        said_by_default=decision.say(typed_value(decision, context.book.defaults)),
        is_decided=is_decided,
        is_yes_or_no=decision.is_yes_or_no,
    )


def _checked(decision: Decision, typed: str) -> str:
    """Keep a decision in the one way of writing it. Raises Invalid."""
    try:
        return decision.write(decision.read(typed.strip()))
    except ValueError as error:
        raise Invalid(f"This {error}.", field="value") from error


def _unknown() -> NotFound:
    return NotFound("That can’t be decided here any more.")
