"""Typing in a conversation: commands, and plain words."""

from bot.sandbox.acts.answers import post_answer
from bot.sandbox.acts.mentions import escaped, with_mentions
from bot.sandbox.acts.places import find_conversation
from bot.sandbox.acts.stage import Stage
from bot.sandbox.conversations import Content, Conversation, Message
from bot.sandbox.errors import PersonRefusal, SlackRefusal
from bot.sandbox.wire import payloads
from bot.sandbox.world import World

COMMAND_MOST = 32


async def type_command(stage: Stage, user_id: str, conversation_id: str, typed: str) -> None:
    """Send a command to the bot and show its answer, or say that it failed."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    place = find_conversation(world, person, conversation_id)
    command, _, text = typed.strip().partition(" ")
    if command == "/invite" and place.person_id is None:
        invite(world, place, text)
        return
    if command not in world.terms.commands or len(command) > COMMAND_MOST:
        raise PersonRefusal("invalid_command", f"{command} is not a valid command.")
    text = escaped(text.strip())
    if world.terms.should_escape:
        text = with_mentions(text, world.directory)
    envelope = payloads.slash_command(world, person, place, f"{command} {text}")
    answer = await stage.ask(
        envelope,
        late=f'{command} failed with the error "operation_timeout"',
        lost=f'{command} failed with the error "dispatch_failed"',
    )
    try:
        if answer:
            post_answer(world, place, person.id, answer)
    except SlackRefusal as refusal:
        stage.complain(f"{command}: {refusal}")
        sentence = f'{command} failed with the error "{refusal.code}"'
        raise PersonRefusal("bad_response", sentence, status=502) from None


def say(stage: Stage, user_id: str, conversation_id: str, typed: str) -> Message:
    """Say something in plain words."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    place = find_conversation(world, person, conversation_id)
    if not typed.strip():
        raise PersonRefusal("no_text", "There is nothing to send.")
    text = with_mentions(escaped(typed), world.directory)
    said = world.conversations.post(place, person.id, Content(text))
    world.touch(place)
    if place.is_bot_member:
        event = payloads.message_event(place, said)
        stage.dispatcher.announce(payloads.event(world, event))
    return said


def invite(world: World, place: Conversation, text: str) -> None:
    """Bring the bot into a channel."""
    if text.strip().lstrip("@").casefold() != world.cast.bot.handle:
        raise PersonRefusal("user_not_found", f"Only @{world.cast.bot.handle} can be invited.")
    place.is_bot_member = True
    world.touch(place)


def mark_read(stage: Stage, user_id: str, conversation_id: str) -> None:
    """Note that a person has seen everything in a conversation."""
    person = stage.world.directory.find_actable(user_id)
    place = find_conversation(stage.world, person, conversation_id)
    if place.unread(person.id):
        place.read_ts[person.id] = place.messages[-1].ts
        stage.world.changes.touch([person.id])
