"""Several processes of the real bot at one database."""
