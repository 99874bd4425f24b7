"""Which address leads where: Slack's side, the page's side, and the page itself."""

import json
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.fonts import font_files
from bot.sandbox.acts.answers import answer_at
from bot.sandbox.api.endpoint import WebApi
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.file_doors import FileDoors
from bot.sandbox.origins import OwnPageOnly
from bot.sandbox.page_api import PageApi
from bot.sandbox.shapes import Json
from bot.sandbox.wire.sockets import SocketTransport
from bot.sandbox.world import World


def build_app(world: World, api: WebApi, page: PageApi, sockets: SocketTransport) -> Starlette:
    """Wire the doors of the sandbox."""
    folder = Path(__file__).with_name("page")

    async def index(_request: Request) -> Response:
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-store"})

    async def respond(request: Request) -> Response:
        try:
            url = world.response_urls.use(request.path_params["name"])
            answer_at(world, url, read_answer(await request.body()))
        except SlackRefusal as refusal:
            return JSONResponse(refusal.answer(), 404)
        return PlainTextResponse("ok")

    files = StaticFiles(directory=folder, check_dir=False)
    routes: list[BaseRoute] = [
        Route("/", index),
        Route("/api/{method}", api.respond, methods=["GET", "POST"]),
        Route("/response/{name}", respond, methods=["POST"]),
        *FileDoors(world, api).routes(),
        WebSocketRoute("/socket", sockets.endpoint),
        *_fonts(),
        Mount("/static", files),
        Mount("/sandbox", routes=page.routes(), middleware=[Middleware(OwnPageOnly)]),
    ]
    return Starlette(routes=routes)


def _fonts() -> list[Route]:
    def route(path: Path, media_type: str) -> Route:
        async def font(_request: Request) -> Response:
            return FileResponse(path, media_type=media_type)

        return Route(f"/static/fonts/{path.name}", font)

    return [route(path, media_type) for path, media_type in font_files().items()]


def read_answer(body: bytes) -> Json:
    """Read what the bot posts to a response address: JSON, or JSON in a form."""
    text = body.decode("utf-8", "replace")
    if text.startswith("payload="):
        text = parse_qs(text)["payload"][0]
    try:
        parsed = json.loads(text)
    except ValueError:
        raise SlackRefusal("invalid_payload") from None
    if not isinstance(parsed, dict):
        raise SlackRefusal("invalid_payload")
    return parsed
