"""Many at once: one slot has one winner, one form makes one session."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from bot import coaching
from bot.coaching import Appointment, AppointmentChanges, CoachingError, Status
from tests.coaching.workplace import Workplace

CROWD = 32


def all_at_once(tries: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin at the same moment; answers what came of each, an error's code for one."""
    gate = Barrier(len(tries))

    def run(trying: Callable[[], object]) -> object:
        gate.wait()
        try:
            return trying()
        except CoachingError as error:
            return error.code

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(run, tries))


def stored(workplace: Workplace, table: str) -> int:
    return len(workplace.everything()[table])


def test_one_slot_has_one_winner(workplace: Workplace) -> None:
    """Half want her as an attendee, half as the facilitator, and no two at quite the same time."""
    requests = [
        workplace.request(
            *(["Priya"] if number % 2 else ["Jonas"]),
            facilitator=None if number % 2 else "Priya",
            starts_at=workplace.clock() + timedelta(days=2, minutes=number % 3),
        )
        for number in range(CROWD)
    ]
    dana = workplace.caller("Dana")
    found = all_at_once(
        [partial(coaching.schedule, workplace.context, dana, each) for each in requests]
    )
    [winner] = [each for each in found if isinstance(each, Appointment)]
    assert Counter(each for each in found if each is not winner) == {
        "appointment.conflict": CROWD - 1
    }
    assert stored(workplace, "appointments") == 1
    assert stored(workplace, "bookings") == len(winner.participant_ids)


def test_one_form_makes_one_session(workplace: Workplace) -> None:
    request = workplace.request("Priya", facilitator="Grace", submission="form-1")
    dana = workplace.caller("Dana", coaching.Source.SLACK)
    found = all_at_once([lambda: coaching.schedule(workplace.context, dana, request)] * CROWD)
    assert [isinstance(each, Appointment) for each in found] == [True] * CROWD
    assert found == [found[0]] * CROWD
    assert (stored(workplace, "appointments"), stored(workplace, "submissions")) == (1, 1)


def test_many_move_into_one_slot(workplace: Workplace) -> None:
    """Sessions of the same two people, who stand in either role, all want the same hour."""
    sessions = [
        workplace.schedule(
            "Alex",
            *(["Priya"] if number % 2 else ["Grace"]),
            facilitator="Grace" if number % 2 else "Priya",
            starts_at=workplace.clock() + timedelta(hours=number + 1),
        )
        for number in range(8)
    ]
    wanted = AppointmentChanges(starts_at=workplace.clock() + timedelta(days=5))
    alex = workplace.caller("Alex")
    found = all_at_once(
        [partial(coaching.change, workplace.context, alex, each.id, wanted) for each in sessions]
    )
    codes = Counter(each for each in found if isinstance(each, str))
    assert codes == {"appointment.conflict": 7}


def test_one_status_is_given_once(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    grace = workplace.caller("Grace")
    found = all_at_once(
        [lambda: coaching.change_status(workplace.context, grace, made.id, Status.IN_PROGRESS)] * 8
    )
    codes = Counter(each for each in found if isinstance(each, str))
    assert codes == {"appointment.state.conflict": 7}
    history = coaching.status_history(workplace.context, grace, made.id)
    assert history.total == 2
