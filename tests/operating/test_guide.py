"""What is written for whoever runs Coachbot is true: links, events, figures, alerts, numbers."""

import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric

from bot.app import DEAF
from bot.clocks import FARTHEST
from bot.environment import SETTINGS
from bot.metrics import Metrics
from bot.watchdog import EXIT_CODE
from tests.clocks import TUESDAY
from tests.conftest import FrozenClock
from tests.operating.events import events_in, find_events

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "operating.md"
ALERTS = ROOT / "deploy" / "alerts.yaml"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")
FIGURE = re.compile(r"coachbot_[a-z_]+")


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


def rows_of(guide: str, heading: str) -> list[str]:
    """The first cells of the tables below a heading."""
    section = guide.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.M)


def anchors_of(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        place, _, anchor = link.partition("#")
        if re.match(r"\w+:", place):
            continue
        target = (page.parent / place).resolve() if place else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def test_every_event_of_the_log_is_there_and_no_other(guide: str) -> None:
    told = rows_of(guide, "The log")
    assert len(set(told)) == len(told)
    assert set(told) == find_events(), "docs/operating.md, The log: one row for each event"


def test_events_are_found_however_they_are_written() -> None:
    text = """
log.info("Old name=%(name)s", facts)
log.warning("New", reason=reason)
self._log.logger.error("First" if bad else "Second", at=at)
logger.log(level, "Third", a="Not")
log.write_trouble("Fourth", delivery, error)
notice.info("Fifth")
log.info("A sentence of another library.")
"""
    assert set(events_in(text)) == {"Old", "New", "First", "Second", "Third", "Fourth"}


def figures() -> list[Metric]:
    metrics = Metrics(clock=FrozenClock(TUESDAY), heartbeat_age=float)
    return list(metrics.registry.collect())


def names_of(figure: Metric) -> set[str]:
    """The names under which a figure can be asked for."""
    if figure.type == "counter":
        return {f"{figure.name}_total"}
    parts = ("_bucket", "_count", "_sum") if figure.type == "histogram" else ()
    return {figure.name, *(f"{figure.name}{part}" for part in parts)}


def test_every_figure_is_there_and_no_other(guide: str) -> None:
    ours = [each for each in figures() if each.name.startswith("coachbot_")]
    told = rows_of(guide, "Figures")
    wanted = [each.name + ("_total" if each.type == "counter" else "") for each in ours]
    assert sorted(told) == sorted(wanted), "docs/operating.md, Figures: one row for each figure"


def test_alerts_ask_for_figures_that_are_and_stand_in_the_guide(guide: str) -> None:
    known = set().union(*map(names_of, figures()))
    groups: Any = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    told = re.findall(r"^\| (Coachbot\w+) \| (.+?) \|", guide, re.M)
    assert [name for name, _ in told] == [each["alert"] for each in rules]
    for rule, (_, when) in zip(rules, told, strict=True):
        asked = set(FIGURE.findall(rule["expr"]))
        assert asked <= known
        assert set(FIGURE.findall(when)) <= {
            re.sub(r"_bucket$|_count$", "", each) for each in asked
        }
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_settings_and_numbers_in_the_guide_are_those_of_the_code(guide: str) -> None:
    known = {each.name: each for each in SETTINGS}
    files = {each.file_name for each in SETTINGS if each.is_secret}
    for name in re.findall(r"`((?:COACHBOT|SLACK|DATABASE)_[A-Z_]+)", guide):
        assert name in known.keys() | files
    for name, value in re.findall(r"`(COACHBOT_[A-Z_]+)`[,]? \(?(\d+)\)", guide):
        assert known[name].default == value
    assert f"| {EXIT_CODE} |" in guide
    assert f"| {DEAF} |" in guide
    assert math.isclose(FARTHEST.total_seconds(), 30)
