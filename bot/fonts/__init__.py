"""The fonts that our pages carry, so that they look the same whatever is installed.

Lato for text and Source Code Pro for code, from the npm packages `@fontsource/lato` 5.3.0 and
`@fontsource/source-code-pro`, in the weights and alphabets that the pages use. Both are under the
SIL Open Font License 1.1, whose texts lie beside them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""By suffix: not every machine knows what a font is."""


def font_files() -> Mapping[Path, str]:
    """Give each file that is served beside a page, with its media type."""
    files = sorted(Path(__file__).parent.iterdir())
    return {each: MEDIA_TYPES[each.suffix] for each in files if each.suffix in MEDIA_TYPES}
