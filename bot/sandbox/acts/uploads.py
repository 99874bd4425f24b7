"""What people upload: kept as theirs, and named in forms by nobody else."""

from bot.sandbox import descriptions
from bot.sandbox.acts.stage import Stage
from bot.sandbox.cast import Person
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.files import MOST_BYTES
from bot.sandbox.inputs import Values
from bot.sandbox.shapes import Json
from bot.sandbox.world import World


def upload(stage: Stage, user_id: str, name: str, content: bytes) -> Json:
    """Keep a person's file, and describe it as a form holds it."""
    person = stage.world.directory.find_actable(user_id)
    if not name.strip():
        raise PersonRefusal("invalid_request", "The file has no name.")
    if len(content) > MOST_BYTES:
        raise PersonRefusal("file_too_large", f"“{name}” is too large.", status=413)
    file = stage.world.files.add(person.id, name, content)
    return descriptions.file(stage.world, file)


def with_own_files(world: World, person: Person, values: Values) -> Values:
    """Describe the files in a form from what is kept; refuse those that are not this person's."""
    for entries in values.values():
        for entry in entries.values():
            if entry.get("type") == "file_input" and entry.get("files"):
                entry["files"] = [_own(world, person, file) for file in entry["files"]]
    return values


def _own(world: World, person: Person, named: object) -> Json:
    file_id = named.get("id") if isinstance(named, dict) else None
    file = world.files.get(str(file_id))
    if file is None or file.user_id != person.id:
        raise PersonRefusal("file_not_found", "That file is no longer there.", status=404)
    file.is_in_form = True
    return descriptions.file(world, file)
