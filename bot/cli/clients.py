"""Commands about the programs that use the REST API."""

import argparse
import json

from bot import coaching
from bot.database import opened_context
from bot.settings import Settings


def create_client(settings: Settings, options: argparse.Namespace) -> int:
    """Make an API client that acts as a person; its secret is shown this once."""
    with opened_context(settings) as context:
        made = coaching.create_client(context, email=options.person, name=options.name)
    print(json.dumps({"client_id": made.client_id, "client_secret": made.client_secret}))
    return 0


def list_clients(settings: Settings, _options: argparse.Namespace) -> int:
    """Show every API client, and whom it acts as."""
    with opened_context(settings) as context:
        clients = coaching.list_clients(context)
    for each in clients:
        print(f"{each.client_id}  {each.name:<24} as {each.person_name:<28} {_state_of(each)}")
    if not clients:
        print("No client yet. Make one by: coachbot client create --as EMAIL")
    return 0


def _state_of(client: coaching.Client) -> str:
    if client.revoked_at:
        return "revoked"
    used = client.last_used_at
    return f"last used {used:%d %b %Y %H:%M} UTC" if used else "never used"


def revoke_client(settings: Settings, options: argparse.Namespace) -> int:
    """End an API client; its tokens stop working at once."""
    with opened_context(settings) as context:
        coaching.revoke_client(context, options.client_id)
    print("Revoked. Its tokens no longer work.")
    return 0
