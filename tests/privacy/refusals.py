"""What somebody is refused with, and that it gives nothing away."""

from collections.abc import Callable
from functools import partial

import pytest

from bot.coaching import CoachingError
from tests.privacy.scene import marks_in

NO_ONE = "no-such-id"


def refusal(act: Callable[[], object]) -> CoachingError:
    """What an act is refused with."""
    with pytest.raises(CoachingError) as refused:
        act()
    return refused.value


def said(error: CoachingError) -> tuple[object, ...]:
    """Everything that an error tells."""
    return type(error), error.code, error.field, error.message


def assert_hidden(act: Callable[[str], object], id_: str, code: str) -> None:
    """A refusal gives nothing away; in Slack it is that of what does not exist (4.4)."""
    error, nowhere = refusal(partial(act, id_)), refusal(partial(act, NO_ONE))
    assert error.code == code
    assert not marks_in(error.message)
    assert said(error.concealed()) == said(nowhere)
