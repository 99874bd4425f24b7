"""Links that can be shown safely, and ids taken from addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Invalid, Policy
from bot.coaching.ground import rules
from tests.coaching.workplace import assert_for_people

POLICY = Policy(max_attachments=3)
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
HOSTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){1,2}", fullmatch=True)
PATHS = st.from_regex(
    r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,8}){0,3}(\?[a-z=&0-9@]{0,9})?(#[a-z/]{0,9})?",
    fullmatch=True,
)


@given(HOSTS, PATHS)
def test_a_plain_https_link_is_kept_as_it_is(host: str, path: str) -> None:
    url = f"https://{host}{path}"
    assert rules.ensure_links([f" {url}\n", url], POLICY) == (url,)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://example.com",
        "javascript:alert(1)",
        "JavaScript://example.com/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.com",
        "https:example.com",
        "https:/example.com",
        "https://",
        "https:///path",
        "https://:443/",
        "https://[::1",
        "https://example.com:99999/",
        "https://example.com:port/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/a\u00a0b",
        "https://example.com/a\tb",
        "https://example.com/a\nb",
        "ht\ntps://example.com/",
        "https://example.com/\x00",
        "https://example.com/\x7f",
        "https://example.com/\x9b",
        "https://example.com/\u202egpj.exe",
        "https://example.com/\u200b",
        "https://example.com/\ud800",
        "https://good.example@evil.example/",
        "https://user:secret@example.com/",
        "https://@evil.example/",
        "https://good.example\\@evil.example/",
        "https://evil.example\\.good.example/",
        "https://example.com/|<!channel>",
        "https://example.com/<@U1>",
        'https://example.com/"onclick=',
        f"https://example.com/{'x' * 2000}",
    ],
)
def test_any_other_link_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.ensure_links(["https://example.com/", url], POLICY)
    assert (refused.value.code, refused.value.field) == ("invalid.value", "external_links")
    assert refused.value.message == "Please use a full link that starts with https://"


@given(st.text(max_size=30))
def test_no_text_gets_past_or_breaks_the_rule(text: str) -> None:
    try:
        kept = rules.ensure_links([text], POLICY)
    except Invalid:
        return
    assert all(each.lower().startswith("https://") and each.isprintable() for each in kept)
    assert not set("".join(kept)) & set('<>|"\\ ')


@pytest.mark.parametrize(
    "value",
    [
        ID,
        f" {ID} ",
        f"https://apps.mypurecloud.ie/directory/#/engage/admin/interactions/{ID}",
        f"https://apps.mypurecloud.ie/directory/#/analytics/interactions/{ID.upper()}/admin",
        f"https://apps.usw2.pure.cloud/api/v2/conversations/{ID}",
        f"https://apps.mypurecloud.de/directory/#/engage/admin/interactions/{ID}?tabId={OTHER}",
        f"https://apps.mypurecloud.de/x?groupId={OTHER}&conversationId={ID}",
        f"https://apps.mypurecloud.de/{OTHER}/{ID}",
    ],
)
def test_of_an_address_the_interactions_id_is_kept(value: str) -> None:
    assert rules.ensure_conversations([value, ID], POLICY) == (ID,)


@pytest.mark.parametrize(
    "value",
    ["", "  ", "x" * 256, "a\x00", "a\nb", "\ud800", "https://example.com/", "https://e.com/1234"],
)
def test_what_names_no_interaction_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.ensure_conversations([ID, value], POLICY)
    assert (refused.value.code, refused.value.field) == ("invalid.value", "conversation_ids")
    assert_for_people(refused.value.message)


def test_ids_are_kept_in_order_and_once() -> None:
    assert rules.ensure_ids([" b", "a", "b ", "a"], "document_ids", Policy()) == ("b", "a")


@pytest.mark.parametrize("rule", ["links", "ids", "conversations"])
def test_no_more_than_the_policy_allows(rule: str) -> None:
    many = [f"https://example.com/{number}/{ID}" for number in range(4)]
    rules_by_name = {
        "links": lambda: rules.ensure_links(many, POLICY),
        "ids": lambda: rules.ensure_ids(many, "document_ids", POLICY),
        "conversations": lambda: rules.ensure_conversations(many, POLICY),
    }
    with pytest.raises(Invalid, match="at most 3") as refused:
        rules_by_name[rule]()
    assert refused.value.code == "constraint.validation"
