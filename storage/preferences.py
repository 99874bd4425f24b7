"""What people chose for themselves."""

from collections.abc import Collection
from dataclasses import asdict, fields

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage import models, records

COLUMNS = tuple(getattr(models.Preferences, each.name) for each in fields(records.Preferences))


class PreferencesOfPeople:
    """Each person's choices."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, person_id: str) -> records.Preferences:
        """Look one person's choices up; whoever chose nothing has none."""
        return self.many([person_id])[person_id]

    def wanting_summaries(self) -> dict[str, records.Preferences]:
        """Look up the choices of everybody who wants an agenda or a digest."""
        query = select(models.Preferences.person_id).where(
            or_(
                models.Preferences.agenda_at.is_not(None),
                models.Preferences.weekly_digest.is_(True),
            )
        )
        return self.many(list(self._session.scalars(query)))

    def many(self, person_ids: Collection[str]) -> dict[str, records.Preferences]:
        """Look up the choices of people, whether they made any or not."""
        query = select(models.Preferences.person_id, *COLUMNS).where(
            models.Preferences.person_id.in_(set(person_ids))
        )
        chosen = {
            row.person_id: records.Preferences(
                **{key: value for key, value in row._mapping.items() if key != "person_id"}
            )
            for row in self._session.execute(query)
        }
        return {each: chosen.get(each, records.Preferences()) for each in person_ids}

    def save(self, person_id: str, preferences: records.Preferences) -> None:
        """Write a person's choices, in place of those before."""
        self._session.merge(models.Preferences(person_id=person_id, **asdict(preferences)))
        self._session.flush()
