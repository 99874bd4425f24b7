"""Forms and home pages: a stack of at most three forms per person, and one home page each."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.clock import SandboxClock
from bot.sandbox.conversations import Earlier, nothing_earlier, with_ids
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.inputs import Values, initial_values, merge_values
from bot.sandbox.limits import words_of
from bot.sandbox.shapes import Json

STACK_MOST = 3


@dataclass(slots=True)
class View:
    """A form or a home page as the bot described it, and what the person filled in."""

    id: str
    owner_id: str
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=nothing_earlier)

    @property
    def kind(self) -> str:
        """Say modal or home."""
        return str(self.payload["type"])

    @property
    def blocks(self) -> list[Json]:
        """List the blocks, each with its block_id."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """Give the name under which submissions arrive, or nothing."""
        return str(self.payload.get("callback_id") or "")

    @property
    def words(self) -> str:
        """Everything a reader could read, the title first."""
        frame = [self.payload.get(name) for name in ("title", "submit", "close")]
        return "\n".join(words_of([*frame, *self.blocks]))

    @property
    def external_id(self) -> str:
        """Give the name that the bot gave the view, or nothing."""
        return str(self.payload.get("external_id") or "")

    def find_block(self, block_id: str) -> Json | None:
        """Give the block with this id, if there is one."""
        return next((b for b in self.blocks if b["block_id"] == block_id), None)


class Views:
    """Every open form and every published home page."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        """List a person's open forms, the lowest first."""
        return list(self._stacks.get(user_id, ()))

    def home(self, user_id: str) -> View | None:
        """Give a person's home page, if one was published."""
        return self._homes.get(user_id)

    def get(self, view_id: str) -> View | None:
        """Give the open form or the home page with this id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """Give a view by its id or by the bot's own name for it, or refuse as Slack does."""
        for view in self._all():
            if (view_id and view.id == view_id) or (
                external_id and view.external_id == external_id
            ):
                return view
        raise SlackRefusal("not_found")

    def open(self, user_id: str, payload: Json) -> View:
        """Open a form over whatever is open; a person has at most three."""
        stack = self._stacks.setdefault(user_id, [])
        if len(stack) >= STACK_MOST:
            raise SlackRefusal("push_limit_reached")
        self._ensure_external_id_is_free(payload)
        view = self._make(user_id, payload, below=stack[-1] if stack else None)
        stack.append(view)
        return view

    def publish(self, user_id: str, payload: Json, *, expected_hash: str | None = None) -> View:
        """Replace a person's home page, if it is still the one the bot knows."""
        old = self._homes.get(user_id)
        if expected_hash and (old is None or old.hash != expected_hash):
            raise SlackRefusal("hash_conflict")
        self._ensure_external_id_is_free(payload, but_for=old)
        if old is None:
            self._homes[user_id] = self._make(user_id, payload, below=None)
        else:
            self._replace(old, payload)
        return self._homes[user_id]

    def update(self, view: View, payload: Json, *, expected_hash: str | None = None) -> View:
        """Replace what a view shows; typed input stays where block_id and action_id stay."""
        if expected_hash and view.hash != expected_hash:
            raise SlackRefusal("hash_conflict")
        self._ensure_external_id_is_free(payload, but_for=view)
        self._replace(view, payload)
        return view

    def close(self, view: View, *, everything: bool = False) -> list[View]:
        """Close a form and those above it, or the whole stack; give what was closed."""
        stack = self._stacks.get(view.owner_id, [])
        if view not in stack:
            return []
        start = 0 if everything else stack.index(view)
        closed = stack[start:]
        del stack[start:]
        return closed

    def _all(self) -> Iterator[View]:
        for stack in self._stacks.values():
            yield from stack
        yield from self._homes.values()

    def _make(self, user_id: str, payload: Json, *, below: View | None) -> View:
        view_id = f"V0{next(self._numbers):06d}"
        done = {**payload, "blocks": with_ids(payload["blocks"])}
        return View(
            id=view_id,
            owner_id=user_id,
            payload=done,
            hash=self._new_hash(),
            root_view_id=below.root_view_id if below else view_id,
            previous_view_id=below.id if below else None,
            values=initial_values(done["blocks"]),
        )

    def _replace(self, view: View, payload: Json) -> None:
        view.earlier.append(view.blocks)
        view.payload = {**payload, "blocks": with_ids(payload["blocks"])}
        view.values = merge_values(view.blocks, view.values, None)
        view.errors = {}
        view.hash = self._new_hash()

    def _ensure_external_id_is_free(self, payload: Json, *, but_for: View | None = None) -> None:
        name = payload.get("external_id")
        if name and any(v.external_id == name and v is not but_for for v in self._all()):
            raise SlackRefusal("duplicate_external_id")

    def _new_hash(self) -> str:
        return f"{int(self._clock.now().timestamp())}.{secrets.token_urlsafe(6)}"
