"""What is typed, as Slack hands it on: special characters escaped, people and channels named."""

import re
from functools import partial

from bot.sandbox.people import Directory

GENERAL = "C0GENERAL"


def escaped(typed: str) -> str:
    """Escape the three characters that mean something to Slack."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_mentions(text: str, directory: Directory) -> str:
    """Turn @name and #general into what Slack makes of them; unknown names stay."""
    names = [name for p in directory.all() for name in (p.real_name, p.handle)]
    longest_first = "|".join(re.escape(escaped(name)) for name in sorted(names, key=len)[::-1])
    pattern = rf"(?<![\w<])@({longest_first})(?!\w)"
    text = re.sub(pattern, partial(_mention, directory), text, flags=re.IGNORECASE)
    return re.sub(r"(?<![\w&])#general\b", f"<#{GENERAL}|general>", text)


def _mention(directory: Directory, found: re.Match[str]) -> str:
    person = directory.get_by_name(found[1])
    return f"<@{person.id}|{person.handle}>" if person else found[0]
