"""Pages of lists (contract, section 2, paging envelope)."""

from bot.coaching.ground.errors import Invalid

LARGEST_PAGE = 100
LAST_ROW = 2**31


def ensure_page(page_number: int, page_size: int) -> None:
    """Refuse a page that cannot be. Pages start at 1; at most 100 entries each. Raises Invalid."""
    if not 1 <= page_size <= LARGEST_PAGE:
        raise Invalid(
            f"A page holds from 1 to {LARGEST_PAGE} entries.",
            code="pagination.bad.request",
            field="page_size",
        )
    if not 1 <= page_number <= LAST_ROW // LARGEST_PAGE:
        raise Invalid(
            "Pages are counted from 1.", code="pagination.bad.request", field="page_number"
        )
