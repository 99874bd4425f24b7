"""Ask the Coachbot on this computer whether it lives; for a container's health check.

Ends with 0 if it does. The address is that of the REST API, or that of health where the API is off.
No proxy is used, and nothing is sent anywhere else.
"""

import http.client
import os
import sys

SECONDS = 3


def main() -> int:
    """Answer 0 if `/health/live` answers with 200, else 1."""
    port = os.environ.get("COACHBOT_API_PORT", "").strip() or "8081"
    if port == "0":
        port = os.environ.get("COACHBOT_HEALTH_PORT", "").strip() or "8082"
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
    try:
        connection.request("GET", "/health/live")
        return int(connection.getresponse().status != http.client.OK)
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
