"""How Slack describes users, messages and views to the bot."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.cast import Cast, Person
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.files import File
from bot.sandbox.inputs import Values
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.world import World

LONDON = "Europe/London"


def tz_label(tz: str, now: datetime) -> str:
    """Name a zone in words, in its summer or winter form."""
    local = now.astimezone(ZoneInfo(tz))
    is_summer = bool(local.dst())
    names = {
        "America/New_York": ("Eastern Standard Time", "Eastern Daylight Time"),
        LONDON: ("Greenwich Mean Time", "British Summer Time"),
        "Asia/Kolkata": ("India Standard Time", "India Standard Time"),
        "Australia/Sydney": (
            "Australian Eastern Standard Time",
            "Australian Eastern Daylight Time",
        ),
        "Etc/UTC": ("Coordinated Universal Time", "Coordinated Universal Time"),
    }
    return names.get(tz, (tz, tz))[is_summer]


def user(world: World, person: Person) -> Json:
    """Describe a user as users.info does; somebody who left has less to tell."""
    return _nulled(_account(world, person), person)


def _nulled(described: Json, person: Person) -> Json:
    """Tell as null what this user's account tells as null."""
    return described | dict.fromkeys(described.keys() & person.nulls)


def _account(world: World, person: Person) -> Json:
    described: Json = {
        "id": person.id,
        "team_id": person.team_id or world.cast.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": profile(world, person),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(world.clock.now().timestamp()),
    }
    if person.deleted:
        return described
    now = world.clock.now()
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    return described | {
        "color": "9f69e7",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": tz_label(person.tz, now),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": not person.is_bot,
        "is_stranger": person.is_stranger,
        "who_can_share_contact_card": "EVERYONE",
    }


def profile(world: World, person: Person) -> Json:
    """Describe the profile; the mail address needs a scope of its own."""
    first, _, last = person.real_name.partition(" ")
    described: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "status_text": "",
        "status_emoji": "",
        "first_name": first,
        "last_name": last,
        "team": person.team_id or world.cast.team_id,
    }
    if person.email and "users:read.email" in world.terms.scopes:
        described["email"] = person.email
    if person.is_bot:
        described["bot_id"] = world.cast.bot_id if person.id == world.cast.bot.id else "B0OTHER"
        described["api_app_id"] = world.cast.app_id if person.id == world.cast.bot.id else "A0OTHER"
    return _nulled(described, person)


def message(world: World, said: Message, *, with_metadata: bool = True) -> Json:
    """Describe a message as Slack gives it to the bot."""
    cast = world.cast
    described: Json = {
        "type": "message",
        "user": said.user_id,
        "text": said.content.text,
        "ts": said.ts,
        "team": cast.team_id,
    }
    if said.user_id == cast.bot.id:
        described |= {"bot_id": cast.bot_id, "app_id": cast.app_id, "bot_profile": bot(cast)}
    if said.content.blocks:
        described["blocks"] = list(said.content.blocks)
    if said.content.files:
        described["files"] = [file(world, one) for one in said.content.files]
    if with_metadata and said.content.metadata:
        described["metadata"] = said.content.metadata
    if said.edited_ts:
        described["edited"] = {"user": said.user_id, "ts": said.edited_ts}
    if said.thread_ts:
        described["thread_ts"] = said.thread_ts
    return described


def file(world: World, one: File) -> Json:
    """Describe a file as it stands in messages and forms."""
    address = f"{world.url}{one.path}"
    place = f"{one.user_id}/{one.id}/{one.address_name}"
    described: Json = {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title,
        "mimetype": one.mimetype,
        "filetype": one.extension,
        "pretty_type": one.extension.upper() or "Binary",
        "user": one.user_id,
        "user_team": world.cast.team_id,
        "size": one.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": any(share.is_public for share in one.shares),
        "url_private": address,
        "url_private_download": f"{address}?download",
        "permalink": f"https://{world.cast.domain}.slack.com/files/{place}",
        "file_access": "visible",
    }
    return described | ({"alt_txt": one.alt_text} if one.alt_text else {})


def shares(one: File) -> Json:
    """Tell where a file was shown."""
    told: dict[str, dict[str, list[Json]]] = {}
    for share in one.shares:
        places = told.setdefault("public" if share.is_public else "private", {})
        places.setdefault(share.conversation_id, []).append({"ts": share.ts})
    in_channels = [share.conversation_id for share in one.shares if share.is_public]
    in_ims = [share.conversation_id for share in one.shares if not share.is_public]
    return {"shares": told, "channels": in_channels, "groups": [], "ims": in_ims}


def bot(cast: Cast) -> Json:
    """Describe the app's bot."""
    return {
        "id": cast.bot_id,
        "app_id": cast.app_id,
        "user_id": cast.bot.id,
        "name": cast.bot.real_name,
        "deleted": False,
        "team_id": cast.team_id,
        "updated": 1_600_000_000,
    }


def conversation(world: World, place: Conversation) -> Json:
    """Describe a conversation as conversations.info does."""
    is_im = place.kind == "im"
    described: Json = {
        "id": place.id,
        "created": 1_600_000_000,
        "is_im": is_im,
        "is_channel": not is_im,
        "is_archived": False,
        "context_team_id": world.cast.team_id,
    }
    if not is_im:
        return described | {"name": place.name, "is_member": place.is_bot_member}
    person = world.directory.get(place.person_id or "")
    return described | {
        "user": place.person_id,
        "is_user_deleted": bool(person and person.deleted),
        "is_open": True,
    }


def view(cast: Cast, shown: View, *, values: Values | None = None) -> Json:
    """Describe a view as Slack gives it to the bot; what was filled in, only where asked."""
    payload = shown.payload
    home_title = {"type": "plain_text", "text": "View Title", "emoji": True}
    return {
        "id": shown.id,
        "team_id": cast.team_id,
        "type": shown.kind,
        "blocks": shown.blocks,
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "state": {"values": values or {}},
        "hash": shown.hash,
        "title": payload.get("title") or home_title,
        "clear_on_close": bool(payload.get("clear_on_close")),
        "notify_on_close": bool(payload.get("notify_on_close")),
        "close": payload.get("close"),
        "submit": payload.get("submit"),
        "previous_view_id": shown.previous_view_id,
        "root_view_id": shown.root_view_id,
        "app_id": cast.app_id,
        "external_id": shown.external_id,
        "app_installed_team_id": cast.team_id,
        "bot_id": cast.bot_id,
    }


def iso(instant: datetime) -> str:
    """Write an instant for the page, in UTC."""
    written = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")
