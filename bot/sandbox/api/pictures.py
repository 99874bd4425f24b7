"""Pictures in blocks that are files of the workspace: each has to be there, and to be a picture."""

from collections.abc import Iterator, Sequence

from bot.sandbox.errors import SlackRefusal
from bot.sandbox.files import File
from bot.sandbox.shapes import Json
from bot.sandbox.world import World


def find_picture(world: World, named: object) -> File | None:
    """Give the picture that a `slack_file` names, by its id or its address."""
    if not isinstance(named, dict):
        return None
    url = str(named.get("url") or "")
    parts = [str(named.get("id") or ""), *url.split("/")]
    files = (world.files.get(part) for part in parts)
    found = next((file for file in files if file), None)
    return found if found and found.is_complete and found.is_image else None


def ensure_pictures(world: World, blocks: Sequence[Json], *, error: str = "invalid_blocks") -> None:
    """Refuse blocks that show a file which is not there, or is no picture."""
    for pointer, named in _named_files(list(blocks), "/blocks"):
        if find_picture(world, named) is None:
            raise SlackRefusal(error, messages=[f"invalid slack file [json-pointer:{pointer}]"])


def _named_files(value: object, pointer: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _named_files(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "slack_file" and value.get("type") == "image":
                yield f"{pointer}/slack_file", item
            else:
                yield from _named_files(item, f"{pointer}/{name}")
