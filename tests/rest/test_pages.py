"""Pages lead to one another, by addresses that can be followed as they stand."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.rest import RestSettings
from bot.rest.pages import Address
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Api, Json, read


async def _fill(api: Api) -> list[str]:
    names = []
    for number in range(7):
        names.append(f"Session {number}")
        start = f"2026-03-05T{10 + number}:00:00Z"
        await api.post("Dana", "/appointments", api.body(dateStart=start, name=names[-1]))
    return names


async def _walk(api: Api, uri: str, forward: str) -> list[Json]:
    pages: list[Json] = []
    while uri:
        url = uri if uri.startswith("http") else f"http://coach.example{uri}"
        pages.append(read(await api.send("Dana", "GET", url), 200))
        uri = pages[-1].get(forward, "")
    return pages


async def test_a_walk_meets_everything_once(api: Api) -> None:
    names = await _fill(api)
    users = ",".join(api.workplace.ids[each] for each in ("Priya", "Jonas"))
    first = await api.get(
        "Dana",
        "/appointments",
        userIds=users,
        sortOrder="Asc",
        pageSize=3,
        interval="2026-03-05T00:00:00+00:00/2026-03-06T00:00:00+00:00",
        statuses=["Scheduled", "InProgress"],
    )
    pages = await _walk(api, first["selfUri"], "nextUri")
    assert [each["name"] for page in pages for each in page["entities"]] == names
    assert [(page["pageNumber"], page["pageCount"], page["total"]) for page in pages] == [
        (1, 3, 7),
        (2, 3, 7),
        (3, 3, 7),
    ]
    back = await _walk(api, first["lastUri"], "previousUri")
    assert back == pages[::-1]
    assert await _walk(api, pages[-1]["firstUri"], "none") == [first]
    for page in pages:
        kept = parse_qs(urlsplit(page["selfUri"]).query)
        assert kept["userIds"] == [users]
        assert kept["statuses"] == ["Scheduled", "InProgress"]


async def test_a_page_beyond_the_last_leads_back(api: Api) -> None:
    await _fill(api)
    beyond = await api.get("Dana", "/appointments/me", pageNumber=9, pageSize=4)
    assert (beyond["entities"], beyond["total"], beyond["pageCount"]) == ([], 7, 2)
    assert "nextUri" not in beyond
    assert "pageNumber=2" in beyond["previousUri"]


async def test_nothing_has_one_empty_page(api: Api) -> None:
    empty = await api.get("Jonas", "/notifications")
    assert (empty["total"], empty["pageCount"], empty["entities"]) == (0, 0, [])
    assert empty["firstUri"] == empty["lastUri"] == empty["selfUri"]
    assert not {"nextUri", "previousUri"} & set(empty)


@pytest.mark.parametrize("path", ["/notifications", "/appointments/{id}/annotations"])
async def test_the_other_lists_can_be_walked_too(api: Api, path: str) -> None:
    made = await api.post("Dana", "/appointments", api.body())
    api.workplace.schedule("Dana", "Dana", facilitator="Grace")
    notes = f"/appointments/{made['id']}/annotations"
    for number in range(3):
        await api.post("Dana", notes, {"text": f"Note {number}", "accessType": "Public"})
        await api.post("Priya", notes, {"text": f"Reply {number}", "accessType": "Public"})
    first = await api.get("Dana", path.format(**made), pageSize=2)
    pages = await _walk(api, first["selfUri"], "nextUri")
    ids = [each["id"] for page in pages for each in page["entities"]]
    assert len(ids) == len(set(ids)) == first["total"] > 2


async def test_a_public_address_stands_in_front(workplace: Workplace) -> None:
    settings = RestSettings(rate_per_minute=0, public_url="https://coach.example/team/")
    api = Api(workplace, settings=settings)
    listed = await api.get("Dana", "/appointments/me")
    assert listed["selfUri"] == (
        f"https://coach.example/team{BASE}/appointments/me?pageSize=25&pageNumber=1"
    )
    await api.close()


def test_an_address_keeps_what_it_was_given() -> None:
    address = Address("/p", (("userIds", "a,b"), ("q", "ä &=+%"), ("userIds", "c")))
    pairs = parse_qs(urlsplit(address.page(2, 5)).query)
    assert pairs == {
        "userIds": ["a,b", "c"],
        "q": ["ä &=+%"],
        "pageSize": ["5"],
        "pageNumber": ["2"],
    }
