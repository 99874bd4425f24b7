"""Signed HTTP requests: each thing that happened is posted to the bot's address."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import httpx

from bot.sandbox.shapes import Json
from bot.sandbox.terms import HttpDelivery
from bot.sandbox.wire.transport import Envelope, NotAcknowledged, Retry

FORM = "application/x-www-form-urlencoded"


class RequestTransport:
    """Post each envelope to the bot, signed; its response is the acknowledgement."""

    def __init__(self, delivery: HttpDelivery, *, ack_seconds: float) -> None:
        self._delivery = delivery
        self._client = httpx.AsyncClient(timeout=ack_seconds, trust_env=False)

    async def deliver(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        """Post an envelope and read what the bot answered."""
        body, kind = _written(envelope)
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (sandbox)"}
        headers |= sign(body, secret=self._delivery.signing_secret, at=int(time.time()))
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        try:
            response = await self._client.post(
                self._delivery.request_url, content=body, headers=headers
            )
        except httpx.TimeoutException:
            raise NotAcknowledged("http_timeout") from None
        except httpx.TransportError:
            raise NotAcknowledged("connection_failed") from None
        return _read(response)

    async def pause(self, seconds: float) -> None:
        """Wait this long."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def sign(body: bytes, *, secret: str, at: int) -> dict[str, str]:
    """Give the headers by which the bot knows that a request is from Slack."""
    base = b"v0:%d:%s" % (at, body)
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signature}"}


def _written(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    if envelope.kind == "slash_commands":
        return urlencode(envelope.payload).encode(), FORM
    return urlencode({"payload": json.dumps(envelope.payload)}).encode(), FORM


def _read(response: httpx.Response) -> Json:
    if not response.is_success:
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        raise NotAcknowledged("http_error", may_retry=not no_retry)
    if not response.content:
        return {}
    if "json" not in response.headers.get("content-type", ""):
        return {"text": response.text}
    try:
        answer = response.json()
    except ValueError:
        raise NotAcknowledged("http_error") from None
    return answer if isinstance(answer, dict) else {}
