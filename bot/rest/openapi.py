"""The description of the API in OpenAPI 3.1, made from the table of operations and its structs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from bot.rest.answers import ErrorBody, IssuedToken, TokenError
from bot.rest.calls import Operation
from bot.rest.exchange import JSON
from bot.rest.operations import ON_EVERY, OPERATIONS
from bot.rest.rendering import BASE
from bot.rest.settings import RestSettings
from bot.version import version

Json = dict[str, Any]

REFS: Final = "#/components/schemas/{name}"
ABOUT: Final = (
    "Coaching for contact centres: appointments, notes, notifications, counts and free times. "
    "Lists in a query come comma-joined, repeated or mixed; words in any case; a moment without "
    "a zone is in UTC. Every answer carries ININ-Correlation-Id; an error body repeats it as "
    "contextId. Retry-After is sent only where repeating is safe."
)
SCOPES: Final = {
    "coaching": "Everything that the person may do for whom the client acts",
    "coaching:readonly": "Reading what that person may see, and changing nothing",
}
ONLY_WITH_BODY: Final = frozenset({"413", "415"})
CORRELATION: Final = "Correlation"


def describe(settings: RestSettings) -> bytes:
    """Render the description."""
    return msgspec.json.encode(document(settings))


def document(settings: RestSettings) -> Json:
    """Put the description together."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Coachbot", "version": version(), "description": ABOUT},
        "servers": [{"url": (settings.public_url or "/").rstrip("/") or "/"}],
        "security": [{"client": []}],
        "paths": _paths(OPERATIONS) | {"/oauth/token": {"post": _token()}},
        "components": {
            "schemas": _schemas(OPERATIONS),
            "headers": _headers(),
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
                }
            },
        },
    }


def _paths(operations: Sequence[Operation]) -> Json:
    found: Json = {}
    for each in operations:
        found.setdefault(BASE + each.path, {})[each.method.lower()] = _operation(each)
    return found


def _operation(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.says,
        "tags": [operation.path.split("/")[1]],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    return described


def _parameters(operation: Operation) -> list[Json]:
    ids = re.findall(r"\{(\w+)\}", operation.path)
    found: list[Json] = [
        {"name": each, "in": "path", "required": True, "schema": {"type": "string"}} for each in ids
    ]
    found += [_query_parameter(each) for each in structs.fields(operation.query)]
    if operation.takes_key:
        found.append(_key())
    return found


def _query_parameter(field: structs.FieldInfo) -> Json:
    (schema,), _ = msgspec.json.schema_components((field.type,), ref_template=REFS)
    schema = dict(schema)
    described: Json = {"name": field.encode_name, "in": "query"}
    if "description" in schema:
        described["description"] = schema.pop("description")
    if schema.get("minItems"):
        described["required"] = True
    default = msgspec.to_builtins(field.default) if _has_default(field) else None
    if default:
        schema["default"] = default
    if schema.get("type") == "array":
        described |= {"style": "form", "explode": False}
    return described | {"schema": _without_null(schema)}


def _has_default(field: structs.FieldInfo) -> bool:
    return field.default not in (msgspec.NODEFAULT, None)


def _without_null(schema: Json) -> Json:
    kinds = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    return schema | (kinds[0] if kinds else {})


def _key() -> Json:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key twice makes one appointment; with another body it is refused.",
        "schema": {"type": "string", "maxLength": 255},
    }


def _responses(operation: Operation) -> Json:
    done: Json = {"description": "Done", "headers": _sent(CORRELATION)}
    if operation.answer is not None:
        done["content"] = _content(operation.answer)
    found: Json = {str(operation.status): done}
    for status, codes in _errors(operation).items():
        found[status] = _error(operation, status, codes)
    return found


def _errors(operation: Operation) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in sorted({*operation.errors, *ON_EVERY}):
        status, code = each.split()
        if operation.body is not None or status not in ONLY_WITH_BODY:
            found.setdefault(status, []).append(code)
    return found


def _error(operation: Operation, status: str, codes: list[str]) -> Json:
    headers = [CORRELATION]
    if status == "401":
        headers.append("Challenge")
    if status in {"429", "503"} and operation.method == "GET":
        headers.append("RetryAfter")
    schema = {
        "allOf": [{"$ref": REFS.format(name="ErrorBody")}],
        "properties": {"code": {"enum": codes}},
    }
    return {
        "description": ", ".join(codes),
        "headers": _sent(*headers),
        "content": {JSON: {"schema": schema}},
    }


def _token() -> Json:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
            "scope": {"type": "string", "description": " or ".join(SCOPES)},
        },
    }
    refusals = {
        "400": ("The form is wrong", ()),
        "401": ("The client is not known", ("Challenge",)),
        "429": ("Too often", ("RetryAfter",)),
        "503": ("Not now", ("RetryAfter",)),
    }
    return {
        "operationId": "postOauthToken",
        "summary": "Get an access token for a client, by HTTP Basic or in the form",
        "tags": ["tokens"],
        "security": [],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form}},
        },
        "responses": {
            "200": {"description": "The token", "content": _content(IssuedToken)},
            **{
                status: {
                    "description": said,
                    "headers": _sent(*headers),
                    "content": _content(TokenError),
                }
                for status, (said, headers) in refusals.items()
            },
        },
    }


def _schemas(operations: Sequence[Operation]) -> Json:
    kinds: set[type[Struct]] = {ErrorBody, IssuedToken, TokenError}
    for each in operations:
        kinds |= {kind for kind in (each.body, each.answer) if kind is not None}
    words = [field.type for each in operations for field in structs.fields(each.query)]
    ordered = sorted(kinds, key=lambda kind: (kind.__module__, kind.__name__))
    _, found = msgspec.json.schema_components((*ordered, *words), ref_template=REFS)
    return dict(sorted(found.items()))


def _content(kind: type[Struct]) -> Json:
    (schema,), _ = msgspec.json.schema_components((kind,), ref_template=REFS)
    return {JSON: {"schema": schema}}


def _headers() -> Json:
    text = {"type": "string"}
    return {
        CORRELATION: {"description": "Names this exchange in our log.", "schema": text},
        "Challenge": {"description": "How to say who is asking.", "schema": text},
        "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    }


def _sent(*names: str) -> Json:
    wire = {
        CORRELATION: "ININ-Correlation-Id",
        "Challenge": "WWW-Authenticate",
        "RetryAfter": "Retry-After",
    }
    return {wire[each]: {"$ref": f"#/components/headers/{each}"} for each in names}
