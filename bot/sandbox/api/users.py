"""users.*, team.info, bots.info, auth.test: who is who."""

from bot.sandbox import descriptions
from bot.sandbox.api.arguments import Arguments
from bot.sandbox.api.paging import page_of
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

LIST_MOST = 1000


def list_users(world: World, arguments: Arguments) -> Json:
    """List everybody, page by page."""
    limit = arguments.number("limit", 0)
    if not 0 <= limit <= LIST_MOST:
        raise SlackRefusal("invalid_limit")
    shown, cursor = page_of(world.directory.all(), cursor=arguments.text("cursor"), limit=limit)
    return {
        "members": [descriptions.user(world, person) for person in shown],
        "cache_ts": int(world.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def info(world: World, arguments: Arguments) -> Json:
    """Describe one user."""
    person = world.directory.find(arguments.required("user"))
    return {"user": descriptions.user(world, person)}


def lookup_by_email(world: World, arguments: Arguments) -> Json:
    """Describe the user with this mail address."""
    email = arguments.required("email").casefold()
    for person in world.directory.all():
        if not person.deleted and (person.email or "").casefold() == email:
            return {"user": descriptions.user(world, person)}
    raise SlackRefusal("users_not_found")


def team(world: World, _arguments: Arguments) -> Json:
    """Describe the workspace."""
    cast = world.cast
    return {"team": {"id": cast.team_id, "name": cast.team_name, "domain": cast.domain}}


def bot(world: World, arguments: Arguments) -> Json:
    """Describe the app's bot."""
    if arguments.text("bot") not in ("", world.cast.bot_id):
        raise SlackRefusal("bot_not_found")
    return {"bot": descriptions.bot(world.cast)}


def auth_test(world: World, _arguments: Arguments) -> Json:
    """Say who the token speaks for."""
    cast = world.cast
    return {
        "url": f"https://{cast.domain}.slack.com/",
        "team": cast.team_name,
        "user": cast.bot.handle,
        "team_id": cast.team_id,
        "user_id": cast.bot.id,
        "bot_id": cast.bot_id,
        "is_enterprise_install": False,
    }
