"""One transaction, and the queries allowed inside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from storage.accounts import Accounts
from storage.acts import Acts
from storage.aggregates import Aggregates
from storage.ahead import Ahead
from storage.annotations import Annotations
from storage.appointments import Appointments
from storage.audit import Audit
from storage.bookings import Bookings
from storage.clients import Clients
from storage.deliveries import Deliveries
from storage.drafts import Drafts
from storage.engine import Database
from storage.errors import UnreachableError, told_plainly
from storage.forgetting import Forgetting
from storage.joining import Joining
from storage.members import Members
from storage.notifications import Notifications
from storage.outages import Outages
from storage.people import People
from storage.plans import Plans
from storage.policies import Policies
from storage.preferences import PreferencesOfPeople
from storage.slot_jobs import SlotJobs
from storage.submissions import Submissions
from storage.syncs import Syncs
from storage.teams import Teams
from storage.timelines import Timelines


class Transaction:
    """The queries of one open transaction, a class per noun."""

    def __init__(self, session: Session, database: Database) -> None:
        self.session = session
        self._database = database

    def write_nothing_new(self) -> None:
        """Write the version of the tables as it is: whoever may do that may write."""
        self.session.execute(text("UPDATE alembic_version SET version_num = version_num"))

    @cached_property
    def people(self) -> People:
        """People, divisions, roles and grants."""
        return People(self.session, self._database)

    @cached_property
    def accounts(self) -> Accounts:
        """What is known of people's accounts."""
        return Accounts(self.session)

    @cached_property
    def syncs(self) -> Syncs:
        """How far something is read from outside."""
        return Syncs(self.session, self._database)

    @cached_property
    def joining(self) -> Joining:
        """Two people who are one."""
        return Joining(self.session)

    @cached_property
    def members(self) -> Members:
        """People as an administrator goes through them."""
        return Members(self.session)

    @cached_property
    def appointments(self) -> Appointments:
        """Appointments, what is attached to them, and the time that they take."""
        return Appointments(self.session)

    @cached_property
    def annotations(self) -> Annotations:
        """Notes on appointments."""
        return Annotations(self.session)

    @cached_property
    def aggregates(self) -> Aggregates:
        """Counts of appointments."""
        return Aggregates(self.session)

    @cached_property
    def teams(self) -> Teams:
        """People with the counts of what they attend."""
        return Teams(self.session)

    @cached_property
    def bookings(self) -> Bookings:
        """The time that people's appointments take."""
        return Bookings(self.session)

    @cached_property
    def notifications(self) -> Notifications:
        """The entries of people's inboxes."""
        return Notifications(self.session)

    @cached_property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        return Deliveries(self.session, self._database)

    @cached_property
    def timelines(self) -> Timelines:
        """Whether the database was set back."""
        return Timelines(self.session, self._database)

    @cached_property
    def ahead(self) -> Ahead:
        """What one person has still coming."""
        return Ahead(self.session, self._database)

    @cached_property
    def submissions(self) -> Submissions:
        """Forms that were saved."""
        return Submissions(self.session)

    @cached_property
    def acts(self) -> Acts:
        """What was heard from Slack."""
        return Acts(self.session, self._database)

    @cached_property
    def drafts(self) -> Drafts:
        """Half-written forms."""
        return Drafts(self.session)

    @cached_property
    def forgetting(self) -> Forgetting:
        """What is of no use any more."""
        return Forgetting(self.session)

    @cached_property
    def preferences(self) -> PreferencesOfPeople:
        """What people chose for themselves."""
        return PreferencesOfPeople(self.session)

    @cached_property
    def policies(self) -> Policies:
        """What administrators decided."""
        return Policies(self.session)

    @cached_property
    def plans(self) -> Plans:
        """What is to be planned anew."""
        return Plans(self.session)

    @cached_property
    def slot_jobs(self) -> SlotJobs:
        """Searches for slots that were left."""
        return SlotJobs(self.session)

    @cached_property
    def clients(self) -> Clients:
        """Programs that act for people, and their tokens."""
        return Clients(self.session)

    @cached_property
    def audit(self) -> Audit:
        """Who changed what."""
        return Audit(self.session)


def _session(connection: Connection) -> Session:
    return Session(bind=connection, autoflush=False, expire_on_commit=False)


class Store:
    """The database as the use cases see it: a place to begin a transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outages = Outages()
        """What keeps transactions from being done, as they tell it."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open a transaction that may write; it commits at the end of the block.

        Raises UnreachableError, ContendedError or OverlapError; then nothing was written.
        """
        told = self._told(in_writing=True)
        with told, self.database.write() as connection, _session(connection) as session:
            yield Transaction(session, self.database)
            session.flush()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that only reads. Raises UnreachableError."""
        told = self._told(in_writing=False)
        with told, self.database.read() as connection, _session(connection) as session:
            yield Transaction(session, self.database)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    @contextmanager
    def _told(self, *, in_writing: bool) -> Iterator[None]:
        try:
            with told_plainly(self.database.password):
                yield
        except UnreachableError as error:
            self.outages.fail(error.failure, in_writing=in_writing)
            raise
        self.outages.succeed(in_writing=in_writing)
