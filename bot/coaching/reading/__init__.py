"""What somebody gets to see of a session, and how sessions are found."""
