"""Pages that can be, and pages that cannot (contract, section 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Invalid
from bot.coaching.ground.paging import ensure_page
from tests.coaching.workplace import assert_for_people


@given(st.integers(1, 10_000_000), st.integers(1, 100))
def test_pages_start_at_one_and_hold_up_to_a_hundred(number: int, size: int) -> None:
    ensure_page(number, size)
    assert number * size < 2**63


@pytest.mark.parametrize(
    ("number", "size", "field"),
    [
        (0, 25, "page_number"),
        (-1, 25, "page_number"),
        (2**31, 25, "page_number"),
        (10**30, 25, "page_number"),
        (1, 0, "page_size"),
        (1, -1, "page_size"),
        (1, 101, "page_size"),
        (0, 0, "page_size"),
    ],
)
def test_no_other_page_can_be_asked_for(number: int, size: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ensure_page(number, size)
    assert (refused.value.code, refused.value.field) == ("pagination.bad.request", field)
    assert_for_people(refused.value.message)
