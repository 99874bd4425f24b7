"""The manifest asks Slack for what the front end listens to, and for nothing else."""

import re
from pathlib import Path

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
