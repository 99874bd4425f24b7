"""What somebody sees first: what is unread, overdue and next, their team, and why it was sent."""
