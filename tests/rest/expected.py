"""What the API should answer, word by word."""

from typing import Any

from tests.rest.api import BASE, Api, Json

START = "2026-03-04T09:00:00.000Z"
NOW = "2026-03-02T09:00:00.000Z"


def person(api: Api, name: str) -> Json:
    found = api.workplace.ids[name]
    return {"id": found, "selfUri": f"/api/v2/users/{found}"}


def reference(appointment_id: str) -> Json:
    return {"id": appointment_id, "selfUri": f"{BASE}/appointments/{appointment_id}"}


def expected(api: Api, appointment_id: str, **changes: Any) -> Json:
    """What a session scheduled by Dana with nothing but what is required looks like."""
    return {
        "id": appointment_id,
        "name": "Call review",
        "description": "Two calls from last week",
        "dateStart": START,
        "lengthInMinutes": 30,
        "status": "Scheduled",
        "attendees": [person(api, "Priya")],
        "createdBy": person(api, "Dana"),
        "dateCreated": NOW,
        "modifiedBy": person(api, "Dana"),
        "dateModified": NOW,
        "conversations": [],
        "documents": [],
        "isOverdue": False,
        "externalLinks": [],
        "selfUri": f"{BASE}/appointments/{appointment_id}",
    } | changes
