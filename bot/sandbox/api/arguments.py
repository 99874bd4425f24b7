"""The arguments of a Web API call, by GET or POST, form or JSON; each is checked when needed."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.sandbox.errors import SlackRefusal
from bot.sandbox.shapes import Json


class Arguments:
    """What the bot passed to a method."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self.given = {name: value for name, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return name in self.given

    def text(self, name: str) -> str:
        """Give an argument as text; absent is empty."""
        value = self.given.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> str:
        """Give an argument that the method cannot do without."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool:
        """Give an argument as yes or no."""
        return self.text(name).strip('"').lower() in ("1", "true", "t", "yes")

    def number(self, name: str, default: int) -> int:
        """Give an argument as a whole number."""
        value = self.text(name)
        if not value:
            return default
        if not value.lstrip("-").isdigit():
            raise SlackRefusal("invalid_arguments", messages=[f"{name} must be an integer"])
        return int(value)

    def parsed(self, name: str, *, error: str = "invalid_arguments") -> object | None:
        """Give an argument that is JSON, or JSON in a string."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            result: object = json.loads(value)
        except ValueError:
            raise SlackRefusal(error, messages=[f"{name} is not valid JSON"]) from None
        return result


def missing(name: str) -> SlackRefusal:
    """Refuse a call without this argument."""
    message = f"missing required field: {name}"
    return SlackRefusal("invalid_arguments", messages=[message])


async def read_arguments(request: Request) -> Arguments:
    """Read the arguments of a call wherever they stand in the request."""
    given: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        given |= _read_json(body)
    elif body:
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Arguments(given)


def _read_json(body: bytes) -> Json:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        raise SlackRefusal("invalid_json") from None
    if not isinstance(parsed, dict):
        raise SlackRefusal("json_not_object")
    return parsed


def read_token(request: Request, arguments: Arguments) -> str:
    """Give the token from the header or the arguments."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return arguments.text("token")
