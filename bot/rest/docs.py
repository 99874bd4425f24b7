"""A page to read the API by: plain HTML, CSS and JavaScript of our own, with nothing from afar."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

from starlette.routing import Route

from bot.fonts import font_files
from bot.rest.exchange import Answer, Fixed

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)
PARTS: Mapping[str, tuple[str, str]] = {
    "/docs": ("page.html", "text/html; charset=utf-8"),
    "/docs/page.css": ("page.css", "text/css; charset=utf-8"),
    "/docs/page.js": ("page.js", "text/javascript; charset=utf-8"),
}


def page_routes() -> Sequence[Route]:
    """Give the addresses of the page, its parts and its fonts."""
    folder = files("bot.rest") / "page"
    parts = {
        path: _part((folder / name).read_bytes(), media_type)
        for path, (name, media_type) in PARTS.items()
    }
    fonts = {
        f"/docs/fonts/{path.name}": _part(path.read_bytes(), media_type)
        for path, media_type in font_files().items()
    }
    return [Route(path, Fixed(part)) for path, part in {**parts, **fonts}.items()]


def _part(body: bytes, media_type: str) -> Answer:
    headers = {"Content-Security-Policy": POLICY}
    return Answer(status=200, body=body, media_type=media_type, headers=headers)
