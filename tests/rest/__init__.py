"""Tests of the REST API, through ASGI, on real stores."""
