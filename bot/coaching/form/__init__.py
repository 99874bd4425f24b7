"""The session form as one piece of work: drafts, pages and saving."""
