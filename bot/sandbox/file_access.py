"""Who may read a file: its owner, the people of a conversation where it was shown, and the app."""

from bot.sandbox.files import File
from bot.sandbox.world import World


def may_read(world: World, user_id: str, file: File) -> bool:
    """Answer whether somebody of the workspace, or the bot, may read a file.

    A file in a form is shared with the app alone: nobody else who sees the form can open it. A
    picture that the bot uploaded for a block, and showed in no message, is seen in the block.
    """
    bot = world.directory.bot.id
    if user_id == file.user_id or (user_id == bot and file.is_in_form):
        return True
    if file.user_id == bot and not file.shares:
        return True
    places = {each.conversation_id for each in file.shares}
    if user_id == bot:
        return any(each.is_bot_member for each in world.conversations if each.id in places)
    return any(each.id in places for each in world.conversations.of_person(user_id))
