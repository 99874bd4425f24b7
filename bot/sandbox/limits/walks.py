"""Ways through a payload: every element of a block, every word of a message."""

from collections.abc import Iterable, Iterator

from bot.sandbox.shapes import Json


def elements_of(block: Json) -> Iterator[Json]:
    """Go through the elements that stand in a block."""
    single = [block.get("accessory"), block.get("element")]
    several = block.get("elements") if block.get("type") in ("actions", "context") else None
    for element in (*single, *(several if isinstance(several, list) else ())):
        if isinstance(element, dict):
            yield element


def words_of(value: object) -> Iterator[str]:
    """Go through every text that a reader of these blocks could see."""
    if isinstance(value, list):
        for item in value:
            yield from words_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "text" and isinstance(item, str):
                yield item
            else:
                yield from words_of(item)


def count_characters(blocks: Iterable[Json]) -> int:
    """Count the characters of all texts in all blocks together."""
    return sum(len(words) for words in words_of(list(blocks)))
