"""Figures for Prometheus: what became of promises, how late, and what is waiting.

No label carries a name, an id or anything that somebody wrote.
"""

import math
from collections.abc import Callable
from typing import Final, assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bot.coaching import Clock
from bot.delivery.events import (
    Doubted,
    Event,
    Exhausted,
    Looked,
    Reconciled,
    Refreshed,
    Retired,
    Tried,
    Unanswered,
)
from bot.delivery.outcomes import GiveUp, Outcome, Sent, TryLater, Unsure
from bot.slack.turns.syncing import PageRead
from storage.records import Delivery

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
RATE_LIMITED: Final = "ratelimited"
LATENESS: Final = (
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0),
)
"""Seconds after the moment promised."""


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self, *, clock: Clock, heartbeat_age: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._sent = self._counter("deliveries_sent", "Messages that were sent.", "kind")
        self._stale = self._counter("deliveries_stale", "Promises no longer true.", "why")
        self._failed = self._counter("deliveries_failed", "Promises given up.", "kind")
        self._put_off = self._counter("deliveries_put_off", "Tries to be repeated.", "kind")
        self._unsure = self._counter("deliveries_unsure", "Tries with an unknown end.", "kind")
        self._limited = self._counter("rate_limited", "Answers of Slack with status 429.", "act")
        self._reconciled = self._counter("claims_reconciled", "Claims taken over.", "found")
        self._doubted = Counter(
            "coachbot_deliveries_doubted",
            "Promises looked for first: the database may have been set back.",
            registry=self.registry,
        )
        self._refreshed = self._counter("messages_refreshed", "Messages shown anew.", "outcome")
        self._refused = self._counter("requests_refused", "Not signed by Slack.", "reason")
        self._connections = self._counter("connections_refused", "Not whole requests.", "reason")
        self._pages = self._counter("people_pages", "Pages of people asked of Slack.", "outcome")
        self._people = self._counter("people_read", "People of whom Slack told.", "outcome")
        self._removed = self._counter("rows_removed", "Rows of no use any more.", "table")
        self._late = Histogram(
            "coachbot_delivery_lateness_seconds",
            "From the moment promised to the message being there.",
            buckets=LATENESS,
            registry=self.registry,
        )
        if heartbeat_age is not None:
            self._gauge("heartbeat_age_seconds", "Since the last sign of life.").set_function(
                heartbeat_age
            )
        self._due = self._gauge("deliveries_due", "Promises that are due and not kept yet.")
        self._oldest = self._gauge("oldest_due_age_seconds", "Age of the oldest of them.")
        self._ahead = self._gauge(
            "clock_ahead_seconds", "This computer's clock against the database's."
        )
        self._sure = self._gauge("clock_sure", "Whether it is known what time it is.")
        self._connected = self._gauge("slack_connected", "Whether Slack reaches this process.")

    def __call__(self, event: Event) -> None:
        """Count something that happened."""
        match event:
            case Looked() | Unanswered():
                pass
            case Tried(delivery, outcome):
                self._count_try(delivery, outcome)
            case Retired(count, by_revision):
                self._stale.labels("superseded" if by_revision else "untrue").inc(count)
            case Exhausted(delivery):
                self._failed.labels(delivery.kind.value).inc()
            case Reconciled(_, finding):
                self._reconciled.labels(type(finding).__name__.lower()).inc()
            case Refreshed(_, outcome):
                self._refreshed.labels(type(outcome).__name__.lower()).inc()
                self._count_limit(outcome, "update")
            case Doubted(count):
                self._doubted.inc(count)
            case _:
                assert_never(event)

    def count_refused(self, reason: str) -> None:
        """Count a request that does not carry Slack's signature: missing, wrong or stale."""
        self._refused.labels(reason).inc()

    def count_connection(self, reason: str) -> None:
        """Count a connection or request that was refused before it was whole, by reason."""
        self._connections.labels(reason).inc()

    def count_people_page(self, page: PageRead | None) -> None:
        """Count a page of people that was read; None: one that was put off."""
        self._pages.labels("put_off" if page is None else "read").inc()
        if page is not None:
            self._people.labels("changed").inc(page.changed)
            self._people.labels("unchanged").inc(page.members - page.changed)
            self._people.labels("left_out").inc(page.left_out)

    def count_removed(self, table: str, rows: int) -> None:
        """Count rows that were removed because nobody reads them again."""
        self._removed.labels(table).inc(rows)

    def set_backlog(
        self,
        *,
        due: int | None,
        oldest_age: float | None,
        clock_ahead: float | None,
        is_time_sure: bool,
        is_connected: bool | None,
    ) -> None:
        """Take what is waiting, as it was just looked up; None: nobody could say."""
        self._ahead.set(math.nan if clock_ahead is None else clock_ahead)
        self._due.set(math.nan if due is None else due)
        self._oldest.set(math.nan if oldest_age is None else oldest_age)
        self._sure.set(is_time_sure)
        self._connected.set(math.nan if is_connected is None else is_connected)

    def write(self) -> bytes:
        """Write all figures as Prometheus reads them."""
        return generate_latest(self.registry)

    def _count_try(self, delivery: Delivery, outcome: Outcome) -> None:
        kind = delivery.kind.value
        match outcome:
            case Sent():
                self._sent.labels(kind).inc()
                late = (self._clock() - delivery.due_at).total_seconds()
                self._late.observe(max(late, 0.0))
            case TryLater():
                self._put_off.labels(kind).inc()
                self._count_limit(outcome, "send")
            case Unsure():
                self._unsure.labels(kind).inc()
            case GiveUp():
                self._failed.labels(kind).inc()
            case _:
                assert_never(outcome)

    def _count_limit(self, outcome: Outcome, act: str) -> None:
        if isinstance(outcome, TryLater) and outcome.reason == RATE_LIMITED:
            self._limited.labels(act).inc()

    def _counter(self, name: str, sentence: str, label: str) -> Counter:
        return Counter(f"coachbot_{name}", sentence, [label], registry=self.registry)

    def _gauge(self, name: str, sentence: str) -> Gauge:
        return Gauge(f"coachbot_{name}", sentence, registry=self.registry)
