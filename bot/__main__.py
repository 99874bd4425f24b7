"""`python -m bot` is the same command as `coachbot`."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
