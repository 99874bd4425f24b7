"""The image and what runs it: read by tools that know them, and held to what the settings are."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.environment import SETTINGS

ROOT = Path(__file__).parents[2]
BESIDE = Path(sys.executable).parent


@pytest.fixture(scope="module")
def image() -> str:
    return (ROOT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_the_linter_finds_nothing() -> None:
    subprocess.run([BESIDE / "hadolint", ROOT / "Dockerfile"], check=True)


def test_the_last_stage_has_no_root_and_builds_nothing(image: str) -> None:
    first, last = image.split("\nFROM ")[1:]
    assert first.split()[0] == last.split()[0]
    assert re.match(r"python:3\.\d+\.\d+-slim", last)
    assert "USER 10001:10001" in last
    assert "STOPSIGNAL SIGTERM" in last
    assert "HEALTHCHECK" in last
    assert not re.search(r"pip|apt-get|COPY (?!--from=build)", last)


def test_what_the_image_copies_is_let_through(image: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    copied = [
        name for line in re.findall(r"^COPY (?!--)(.+)$", image, re.M) for name in line.split()[:-1]
    ]
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}\n" in ignored


def test_compose_is_what_its_schema_says() -> None:
    schema = ["--builtin-schema", "vendor.compose-spec", str(ROOT / "compose.yaml")]
    subprocess.run([BESIDE / "check-jsonschema", *schema], check=True, capture_output=True)


def test_compose_runs_on_a_read_only_disk_with_secrets_in_files(compose: Any) -> None:
    services = compose["services"]
    bot, database = services["bot"], services["database"]
    for name in ("bot", "sandbox"):
        assert services[name]["read_only"] is True
        assert services[name]["tmpfs"] == ["/tmp"]
        assert services[name]["cap_drop"] == ["ALL"]
    assert services["sandbox"]["profiles"] == ["sandbox"]
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in database
    assert database["volumes"]
    known = {each.file_name for each in SETTINGS if each.is_secret}
    assert set(bot["environment"]) <= known
    mounted = {f"/run/secrets/{each}" for each in bot["secrets"]}
    assert set(bot["environment"].values()) == mounted
    for service in services.values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])


def test_a_stop_is_given_the_time_that_it_needs(compose: Any) -> None:
    unit = (ROOT / "deploy" / "coachbot.service").read_text()
    assert compose["services"]["bot"]["stop_grace_period"] == "25s"
    assert "TimeoutStopSec=25\n" in unit


def test_the_service_does_not_give_up_while_the_database_is_down() -> None:
    """A start without its database ends with the same code as one with a wrong setting."""
    unit = (ROOT / "deploy" / "coachbot.service").read_text()
    assert "Restart=always\n" in unit
    assert "StartLimitIntervalSec=0\n" in unit
    assert "RestartPrevent" not in unit
