"""The session form at its extremes: Slack takes every view of it, and it carries nothing typed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import FormTab
from bot.sandbox.limits import find_view_faults
from bot.slack.session import form as session_form
from bot.slack.session.frame import Carried, Choice, Question, Shown
from tests.slack import extremes
from tests.slack.extremes import addresses, moments, texts

TYPED = "typed by somebody"


@st.composite
def people(draw: st.DrawFn) -> tuple[coaching.PersonShown, ...]:
    name = draw(texts)
    count = draw(st.sampled_from((0, 1, 100)))
    return tuple(
        coaching.PersonShown(
            person_id=f"p{number}",
            slack_user_id=f"U{number}",
            name=name,
            zone=("Asia/Kolkata", "Europe/Berlin", "")[number % 3],
            clock="3:05 pm now",
        )
        for number in range(count)
    )


@st.composite
def pages(draw: st.DrawFn) -> coaching.FormPage:
    who, may, moment = draw(people()), st.booleans(), draw(moments)
    many = draw(st.sampled_from((0, 3, 50)))
    file = coaching.AttachedFile("F1", draw(texts), draw(addresses))
    typed = coaching.Typed(
        name=draw(texts),
        description=draw(texts),
        location=draw(texts),
        facilitator_id="p0" if who else None,
        attendee_ids=tuple(each.person_id for each in who[1:]),
        starts_at=draw(st.none() | st.just(moment)),
        length_minutes=draw(st.integers(1, 60)),
        conversation_ids=(draw(texts),) * many,
        document_ids=(draw(texts),) * many,
        external_links=(draw(addresses),) * many,
        files=(file,) * many,
        note=draw(texts),
        note_is_private=draw(may),
        week=draw(st.integers(0, 6)),
    )
    card = draw(st.none() | extremes.cards())
    weeks = tuple(coaching.WeekChoice(number=each, words=f"Week {each}") for each in range(7))
    note = coaching.NoteCard(
        annotation_id="0" * 36,
        text=draw(texts),
        author=draw(texts),
        when="today at 3:05 pm",
        is_private=draw(may),
        is_edited=draw(may),
        may_edit=True,
        may_delete=True,
    )
    notes = coaching.NotesPage(
        appointment_id="0" * 36,
        title=typed.name,
        entries=coaching.Page([note] * 5, 12, 2, 5),
        may_add=draw(may),
        may_add_private=draw(may),
    )
    return coaching.FormPage(
        subject="0" * 36 if card else "new",
        typed=typed,
        card=card,
        people=who,
        may_edit=draw(may),
        may_move=draw(may),
        may_attach=draw(may),
        may_delete=draw(may),
        may_note=draw(may),
        may_note_private=draw(may),
        may_see_notes=draw(may),
        why_fixed=draw(st.none() | texts),
        resumed=draw(st.none() | st.just("You began this today at 3:05 pm.")),
        changed_meanwhile=tuple(draw(st.lists(texts, max_size=9))),
        timezone="America/New_York",
        lengths=(15, 30, 45, 60),
        weeks=weeks,
        earliest=moment,
        latest=moment,
        max_name_length=200,
        max_description_length=3000,
        max_location_length=500,
        max_note_length=3000,
        attendee_limit=100,
        notes=notes if card else None,
    )


@st.composite
def boards(draw: st.DrawFn) -> coaching.SlotBoard:
    first = draw(moments).replace(second=0)
    local = tuple(draw(st.lists(texts, max_size=4)))
    count = draw(st.sampled_from((0, 3, 150)))
    offers = tuple(
        coaching.SlotOffer(
            starts_at=first + timedelta(minutes=15 * number),
            length_minutes=30,
            words=f"Mon 23 Nov at {number}",
            local=local,
        )
        for number in range(count)
    )
    days = (coaching.SlotDay(words="Mon 23 Nov", offers=offers),) * draw(st.integers(0, 7))
    why = tuple(draw(st.lists(texts, max_size=20)))
    return coaching.SlotBoard(days=days, why_none=why, beyond=offers[:5])


def ensure_taken(view: View) -> None:
    shown = view.to_dict()
    assert find_view_faults(shown) == []
    assert "mrkdwn" not in str(shown)


@settings(max_examples=60)
@given(pages(), boards(), st.sampled_from(FormTab), st.none() | texts, st.data())
def test_every_view_of_the_form_is_taken(
    page: coaching.FormPage,
    board: coaching.SlotBoard,
    tab: FormTab,
    problem: str | None,
    data: st.DataObject,
) -> None:
    choices = tuple(Choice(1_800_000_000 + each, "Fri 27 Nov at 3:00 am") for each in range(4))
    carried = Carried(
        subject=page.subject,
        tab=tab,
        page=data.draw(st.integers(1, 30)),
        question=data.draw(st.none() | st.just(Question("Which one?", choices))),
        submission="0" * 36,
    )
    shown = Shown(
        page=page,
        carried=carried,
        board=data.draw(st.none() | st.just(board)),
        notes=page.notes,
        problem=problem,
        at=data.draw(st.none() | st.sampled_from(list(session_form.TAB_OF))),
        half_typed={"external_links": page.typed.location[:3000]},
    )
    view = session_form.form(shown)
    ensure_taken(view)
    blocks = view.to_dict()["blocks"]
    has_tabs = [each for each in blocks if each.get("block_id") == "tabs"]
    assert len(has_tabs) == 1, "the tabs are never cut off"
    assert len(blocks) < 100, "nothing was cut off at the end"


@settings(max_examples=20)
@given(pages(), st.sampled_from(FormTab))
def test_nothing_that_was_typed_is_carried(page: coaching.FormPage, tab: FormTab) -> None:
    typed = replace(
        page.typed,
        name=TYPED,
        description=TYPED,
        location=TYPED,
        note=TYPED,
        external_links=(TYPED,),
        conversation_ids=(TYPED,),
    )
    shown = Shown(page=replace(page, typed=typed), carried=Carried(subject=page.subject, tab=tab))
    view = session_form.form(shown)
    assert TYPED not in (view.private_metadata or "")
    assert len(view.private_metadata or "") <= 3000


@settings(max_examples=20)
@given(texts, st.lists(texts, max_size=5))
def test_every_end_of_the_form_is_taken(sentence: str, kept: list[str]) -> None:
    ensure_taken(session_form.ended("new", sentence, kept))
    ensure_taken(session_form.loading("new"))
