"""Who is known in the workspace right now; people join, change and leave."""

from bot.sandbox.cast import Cast, Person
from bot.sandbox.errors import PersonRefusal, SlackRefusal


class Directory:
    """Everybody in the workspace, the app's own bot user among them."""

    def __init__(self, cast: Cast) -> None:
        self.bot = cast.bot
        self._people = {person.id: person for person in (*cast.people, cast.bot)}

    def all(self) -> list[Person]:
        """List everybody, bots, leavers and external people included."""
        return list(self._people.values())

    def actable(self) -> list[Person]:
        """List those whom somebody at the page can be."""
        return [person for person in self._people.values() if person.is_actable]

    def get(self, user_id: str) -> Person | None:
        """Give the user with this id, if there is one."""
        return self._people.get(user_id)

    def find(self, user_id: str) -> Person:
        """Give the user with this id, or refuse as Slack does."""
        person = self._people.get(user_id)
        if person is None:
            raise SlackRefusal("user_not_found")
        return person

    def find_actable(self, user_id: str) -> Person:
        """Give the person somebody at the page acts as."""
        person = self._people.get(user_id)
        if person is None or not person.is_actable:
            message = "Nobody by that id can act here."
            raise PersonRefusal("user_not_found", message, status=404)
        return person

    def get_by_name(self, name: str) -> Person | None:
        """Give the one called so, by handle or by full name, in any case."""
        wanted = name.casefold()
        for person in self._people.values():
            if wanted in (person.handle.casefold(), person.real_name.casefold()):
                return person
        return None

    def put(self, person: Person) -> bool:
        """Take in a person or a change of one; say whether they are new."""
        is_new = person.id not in self._people
        self._people[person.id] = person
        return is_new
