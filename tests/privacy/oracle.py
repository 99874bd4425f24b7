"""What each person may learn, said again from the contract alone; nothing of the bot is asked."""

from collections.abc import Iterator
from datetime import timedelta

from bot.coaching import AccessType, ActionType, Relationship, Status
from tests.privacy.contract import NOTIFICATION_VIEW, STATUS_VIEW, VIEW, note, private
from tests.privacy.scene import NOW, Meeting, Note, Question, Scene

OPEN = {Status.SCHEDULED, Status.IN_PROGRESS}
INBOX = timedelta(days=60)
Told = tuple[str, str]
"""What somebody was told: what happened, and to which session."""


class Rights:
    """What one person may learn of a scene."""

    def __init__(self, scene: Scene, me: int) -> None:
        self.scene = scene
        self.me = me

    def reach(self, permission: str) -> set[int]:
        """4.1: permissions come from roles, and a role is granted over divisions."""
        grants = self.scene.people[self.me].grants
        return {where for role, where in grants if permission in self.scene.role(role)}

    def may_name(self, people: set[int], permission: str) -> bool:
        """4.3: only people in divisions where one holds the permission; oneself, holding it."""
        reach = self.reach(permission)
        return bool(reach) and all(
            each == self.me or self.scene.division_of(each) in reach for each in people
        )

    def covers(self, meeting: Meeting, permission: str) -> bool:
        """4.3: access follows the attendees; two divisions need the permission in both."""
        divisions = {self.scene.division_of(each) for each in meeting.attendees}
        return divisions <= self.reach(permission)

    def sees(self, meeting: Meeting) -> bool:
        """3.4: related, or appointment:view. What is deleted is there for nobody."""
        theirs = self.me in meeting.related or self.covers(meeting, VIEW)
        return theirs and not meeting.is_deleted

    def sees_history(self, meeting: Meeting) -> bool:
        """3.8: related, or appointmentStatus:view."""
        theirs = self.me in meeting.related or self.covers(meeting, STATUS_VIEW)
        return theirs and not meeting.is_deleted

    def reads(self, meeting: Meeting, kind: AccessType) -> bool:
        """3.10 and "permission for the type": Public for the related, Private for those who lead.

        Else annotation:view governs Public, privateAnnotation:view governs Private.
        """
        if kind is AccessType.PRIVATE:
            leads = self.me in (meeting.creator, meeting.facilitator)
            return leads or self.covers(meeting, private("view"))
        return self.me in meeting.related or self.covers(meeting, note("view"))

    def notes(self, meeting: Meeting) -> list[Note] | None:
        """The notes that may be read, without the deleted ones; None where none of any kind may."""
        kinds = {each for each in AccessType if self.reads(meeting, each)}
        if meeting.is_deleted or not kinds:
            return None
        return [
            each
            for each in self.scene.notes
            if each.meeting == meeting.number and each.access_type in kinds and not each.is_deleted
        ]

    def told(self) -> list[Told]:
        """7.1: every related person but whoever caused it; of a Private note, who may read it."""
        return sorted(
            (happened, meeting.id)
            for each in self.scene.notes
            for meeting in [self.scene.meetings[each.meeting]]
            if self.me in meeting.related - {meeting.creator}
            if self.reads(meeting, each.access_type)
            for happened in happened_to(each)
        )

    def inbox(self) -> list[Told]:
        """7.2: incomplete sessions of the last and next 60 days."""
        shown = {
            each.id
            for each in self.scene.meetings
            if each.status is not Status.COMPLETED and abs(each.starts_at - NOW) <= INBOX
        }
        return [each for each in self.told() if each[1] in shown]

    def hears(self, meeting: Meeting, kind: AccessType) -> bool:
        """Section 3: a Private note is for those who read it, through any door, at any time.

        Whoever may not see a session, or not read a note, is not told of it either.
        """
        is_theirs = self.me in meeting.related or self.covers(meeting, VIEW)
        return is_theirs and self.reads(meeting, kind)

    def sees_entry(self, owner: int, about: str, kind: AccessType) -> bool:
        """3.16: the owner, or notification:view over the owner's division; Private: its readers."""
        meeting = next(each for each in self.scene.meetings if each.id == about)
        if owner == self.me:
            return self.hears(meeting, kind)
        may_read = kind is AccessType.PUBLIC or self.reads(meeting, kind)
        return may_read and self.scene.division_of(owner) in self.reach(NOTIFICATION_VIEW)

    def own(self, question: Question) -> list[Meeting]:
        """3.2: the sessions to which one is related."""
        mine = [each for each in self.scene.meetings if self.me in each.related]
        return [each for each in mine if not each.is_deleted and answers(each, question)]

    def listed(self, question: Question) -> list[Meeting]:
        """3.1: the sessions that one may see."""
        seen = [each for each in self.scene.meetings if self.sees(each)]
        return [each for each in seen if answers(each, question)]

    def may_list(self, question: Question) -> bool:
        """3.1 and 4.3: 403 where somebody is named whom the permission does not reach."""
        return self.may_name(set(question.users or ()), VIEW)

    def counted(self, meetings: list[Meeting]) -> dict[str, list[Meeting]]:
        """3.18: once per attendee; only people whom the caller may view are counted."""
        reach = self.reach(VIEW)
        found: dict[str, list[Meeting]] = {}
        for meeting in meetings:
            for each in meeting.attendees:
                if each == self.me or self.scene.division_of(each) in reach:
                    found.setdefault(self.scene.people[each].id, []).append(meeting)
        return found

    def may_know(self) -> set[str]:
        """Everything that may come before this person's eyes, in whatever text.

        The sessions that they see with those who are related, the notes that they read, and the
        sessions of which they were told: a deleted one stays in the inbox under its name (9).
        """
        known = set(self.scene.people[self.me].marks)
        told = {about for _, about in self.told()}
        for meeting in self.scene.meetings:
            if self.sees(meeting) or meeting.id in told:
                known |= meeting.marks
                for each in meeting.related:
                    known |= self.scene.people[each].marks
        return known

    def leads(self) -> set[str]:
        """The people whom a page about one's team may name: those in divisions that one may view.

        A name and counts, nothing of a session that one may not see.
        """
        reach = self.reach(VIEW)
        led = [each.marks for each in self.scene.people if each.division in reach]
        return set().union(*led)


class Later(Rights):
    """What one person may learn of a scene after things have changed."""

    def __init__(self, before: Scene, now: Scene, me: int) -> None:
        super().__init__(now, me)
        self.before = Rights(before, me)

    def told(self) -> list[Told]:
        """What they were told then, as far as they may still hear of it."""
        return sorted(
            (happened, meeting.id)
            for each, meeting in self.news_of(self.before)
            if self.hears(meeting, each.access_type)
            for happened in happened_to(each)
        )

    def news_of(self, reader: Rights) -> list[tuple[Note, Meeting]]:
        """The notes of which somebody was told then, each with its session as it is now."""
        return [
            (each, self.scene.meetings[each.meeting])
            for each in reader.scene.notes
            for meeting in [reader.scene.meetings[each.meeting]]
            if reader.me in meeting.related - {meeting.creator}
            if reader.reads(meeting, each.access_type)
        ]

    def explained(self, meeting: Meeting) -> int:
        """How many messages about notes `why` tells them of."""
        leads = self.me in (meeting.creator, meeting.facilitator)
        everybody = leads or self.covers(meeting, VIEW)
        return sum(
            len(list(happened_to(each)))
            for reader in self.scene.people
            if everybody or reader.number == self.me
            for each, about in self.news_of(Rights(self.before.scene, reader.number))
            if about == meeting and self.hears(meeting, each.access_type)
        )


def happened_to(note: Note) -> Iterator[str]:
    """What took place with a note, each of it an event."""
    yield ActionType.ANNOTATION_ADDED
    if note.is_deleted:
        yield ActionType.ANNOTATION_DELETED


def answers(meeting: Meeting, question: Question) -> bool:
    """Section 3, list parameters: every condition that is named must hold."""
    return (
        _is_of(meeting, question)
        and (question.statuses is None or meeting.status in question.statuses)
        and (question.facilitators is None or meeting.facilitator in question.facilitators)
        and _is_within(meeting, question)
        and (question.is_overdue is None or is_overdue(meeting) == question.is_overdue)
    )


def is_overdue(meeting: Meeting) -> bool:
    """5.4: not done, and its end has passed."""
    return meeting.status in OPEN and meeting.ends_at < NOW


def _is_of(meeting: Meeting, question: Question) -> bool:
    """People in any relationship unless `relationships` narrows it."""
    wanted = question.relationships or set(Relationship)
    return question.users is None or any(meeting.ties(each) & wanted for each in question.users)


def _is_within(meeting: Meeting, question: Question) -> bool:
    """Intervals are start/end, end exclusive; StartsIn or Overlaps; completion by its moment."""
    if question.completion is not None:
        first, last = question.completion
        if meeting.completed_at is None or not first <= meeting.completed_at < last:
            return False
    if question.interval is None:
        return True
    first, last = question.interval
    if question.overlaps:
        return meeting.starts_at < last and meeting.ends_at > first
    return first <= meeting.starts_at < last
