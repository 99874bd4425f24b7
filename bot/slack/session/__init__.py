"""The session form: opened, filled, turned from tab to tab, and saved."""
