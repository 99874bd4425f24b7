"""The manifest asks Slack for what the front end listens to, and for nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.slack.manifest import http_manifest, socket_manifest
from bot.slack.transport.scopes import EVENTS, SCOPES, SHORTCUTS
from tests.slack.office import Office

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"


def listed(name: str) -> list[str]:
    """The items of a list in the manifest, which is all of YAML that this test must read."""
    text = MANIFEST.read_text(encoding="utf-8")
    found = re.search(rf"^( *){name}:\n((?:\1 +- .*\n?)+)", text, re.M)
    assert found, name
    return re.findall(r"- (?:command: )?(\S+)$", found[2], re.M)


def heard(office: Office, kind: str) -> list[str]:
    return [each.name for each in office.front.shell.registrations if each.kind == kind]


def test_commands_are_listed_and_listened_to(office: Office) -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    assert re.findall(r"- command: (\S+)", text) == heard(office, "command")
    assert "should_escape: true" in text
    for word in office.front.shell.subcommands:
        assert word in text.split("usage_hint: ")[1].splitlines()[0]


def test_events_are_listed_and_listened_to(office: Office) -> None:
    assert sorted(listed("bot_events")) == sorted(heard(office, "event")) == sorted(EVENTS)


def test_shortcuts_are_listed_and_listened_to(office: Office) -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    keys = r"- name: (.+)\n +type: (.+)\n +callback_id: (.+)\n +description: (.+)"
    declared = [(each.name, each.type, each.callback_id, each.description) for each in SHORTCUTS]
    assert re.findall(keys, text) == declared
    assert [each.callback_id for each in SHORTCUTS] == heard(office, "shortcut")
    assert all(len(each.name) <= 24 for each in SHORTCUTS), "Slack takes no more"


def test_each_scope_is_one_that_is_needed(office: Office) -> None:
    assert listed("bot") == list(SCOPES)


def test_buttons_and_forms_need_interactivity(office: Office) -> None:
    assert heard(office, "action")
    assert heard(office, "view")
    assert re.search(r"interactivity:\n +is_enabled: true", MANIFEST.read_text(encoding="utf-8"))


def test_nothing_is_registered_twice(office: Office) -> None:
    registrations = office.front.shell.registrations
    assert len(registrations) == len(set(registrations))


URL = "https://coach.example.com/slack/events"


def test_the_one_in_the_repository_is_the_one_that_is_printed() -> None:
    assert MANIFEST.read_text(encoding="utf-8") == socket_manifest(), (
        "please run: coachbot manifest > manifest.yaml, or copy it to bot/slack/manifest.yaml"
    )


@pytest.mark.parametrize(
    "address",
    ["https://coach.example.com", "https://coach.example.com/", URL, f" {URL}/ "],
)
def test_with_an_address_all_four_are_written_and_nothing_else_is_another(address: str) -> None:
    wanted: dict[str, Any] = yaml.safe_load(socket_manifest())
    for command in wanted["features"]["slash_commands"]:
        command["url"] = URL
    settings = wanted["settings"]
    settings["event_subscriptions"]["request_url"] = URL
    settings["interactivity"] |= {"request_url": URL, "message_menu_options_url": URL}
    settings["socket_mode_enabled"] = False
    assert yaml.safe_load(http_manifest(address)) == wanted


def test_an_address_may_have_a_path_and_a_port() -> None:
    assert '"https://example.com:8443/coach/slack/events"' in http_manifest(
        "https://example.com:8443/coach/"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://coach.example.com",
        "coach.example.com",
        "https://",
        "https://x.example/?a=b",
        "https://me:secret@x.example",
        "https://x.example/a b",
        'https://x.example/\n  evil: "x"',
    ],
)
def test_an_address_that_slack_would_not_call_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Slack calls https addresses only") as refused:
        http_manifest(address)
    assert "secret" not in str(refused.value)
