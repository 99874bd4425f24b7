"""Ids that no database can hold are refused in plain words, whichever use case they reach."""

from collections.abc import Callable

import pytest

from bot import coaching
from bot.coaching import Invalid, NotFound, Status
from tests.coaching.workplace import Workplace

Use = Callable[[Workplace, str], object]
USES: dict[str, Use] = {
    "find": lambda at, each: coaching.find(at.context, at.caller("Dana"), each),
    "change_status": lambda at, each: coaching.change_status(
        at.context, at.caller("Dana"), each, Status.COMPLETED
    ),
    "delete": lambda at, each: coaching.delete(at.context, at.caller("Dana"), each),
    "mark_as_read": lambda at, each: coaching.mark_as_read(at.context, at.caller("Dana"), each),
    "caller_for_slack": lambda at, each: coaching.caller_for_slack(at.context, each),
}


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"], ids=["nul", "lone surrogate"])
@pytest.mark.parametrize("use", USES)
def test_an_unstorable_id_is_refused(workplace: Workplace, use: str, text: str) -> None:
    refused = False
    try:
        found = USES[use](workplace, text)
    except (Invalid, NotFound):
        refused = True
    else:
        assert found is None
    assert refused or use == "caller_for_slack"
