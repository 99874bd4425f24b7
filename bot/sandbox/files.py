"""Files of the workspace, kept in memory: an upload is announced, received, and then completed."""

import mimetypes
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackRefusal

MOST_BYTES: Final = 20_000_000
IMAGES: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
UNKNOWN: Final = "application/octet-stream"
_KINDS: Final = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True, slots=True)
class Share:
    """Where a file was shown: the message of a conversation."""

    conversation_id: str
    is_public: bool
    ts: str


@dataclass(slots=True)
class File:
    """A file, whose it is, and what is in it once it has arrived."""

    id: str
    user_id: str
    name: str
    size: int
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    is_complete: bool = False
    is_in_form: bool = False
    """Whether its owner put it into one of the app's forms."""
    shares: list[Share] = field(default_factory=list)

    @property
    def extension(self) -> str:
        """What stands behind the last dot, in small letters."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @property
    def mimetype(self) -> str:
        """What kind of content the name promises."""
        return IMAGES.get(self.extension) or _KINDS.guess_type(self.name)[0] or UNKNOWN

    @property
    def is_image(self) -> bool:
        """Whether the file is shown as a picture."""
        return self.extension in IMAGES

    @property
    def address_name(self) -> str:
        """The name as it stands in addresses."""
        stem, dot, extension = self.name.rpartition(".")
        plain = re.sub(r"[^a-z0-9]+", "_", (stem or extension).lower()).strip("_") or "file"
        return f"{plain}.{self.extension}" if dot and stem else plain

    @property
    def path(self) -> str:
        """Where the sandbox serves it."""
        return f"/files/{self.id}/{self.address_name}"


class Files:
    """Every file, and the addresses at which one upload each is awaited."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}
        self._awaited: dict[str, File] = {}

    def announce(
        self, user_id: str, name: str, size: int, *, alt_text: str = ""
    ) -> tuple[File, str]:
        """Await a file of this size; give it, and the name of the address to send it to."""
        file = self._make(user_id, name, size, alt_text=alt_text)
        ticket = secrets.token_urlsafe(24)
        self._awaited[ticket] = file
        return file, ticket

    def receive(self, ticket: str, content: bytes) -> File:
        """Take what was sent to such an address, once; it has to be as long as was announced."""
        file = self._awaited.get(ticket)
        if file is None:
            raise SlackRefusal("upload_not_found")
        if len(content) != file.size:
            raise SlackRefusal("upload_length_mismatch")
        del self._awaited[ticket]
        file.content = content
        return file

    def add(self, user_id: str, name: str, content: bytes) -> File:
        """Keep what a person uploaded."""
        file = self._make(user_id, name, len(content))
        file.content, file.is_complete = content, True
        return file

    def get(self, file_id: str) -> File | None:
        """Give the file with this id, complete or not."""
        return self._files.get(file_id)

    def find(self, file_id: str) -> File:
        """Give a complete file, or refuse as Slack does."""
        file = self._files.get(file_id)
        if file is None or not file.is_complete:
            raise SlackRefusal("file_not_found")
        return file

    def _make(self, user_id: str, name: str, size: int, *, alt_text: str = "") -> File:
        file_id = f"F0{secrets.token_hex(5).upper()}"
        created = int(self._clock.now().timestamp())
        self._files[file_id] = File(file_id, user_id, name, size, created, name, alt_text)
        return self._files[file_id]
