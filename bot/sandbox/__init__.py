"""A pretend Slack on this computer, held to Slack's own terms; it knows nothing of the bot."""

from bot.sandbox.actor import Actor
from bot.sandbox.cast import Cast, Person, northwind
from bot.sandbox.clock import SandboxClock
from bot.sandbox.conversations import Message
from bot.sandbox.errors import PersonRefusal, SlackRefusal
from bot.sandbox.server import Sandbox
from bot.sandbox.terms import HttpDelivery, RateLimits, Shortcut, Terms
from bot.sandbox.views import View

__all__ = [
    "Actor",
    "Cast",
    "HttpDelivery",
    "Message",
    "Person",
    "PersonRefusal",
    "RateLimits",
    "Sandbox",
    "SandboxClock",
    "Shortcut",
    "SlackRefusal",
    "Terms",
    "View",
    "northwind",
]
