"""The published client libraries, as their publisher ships them, against our API."""
