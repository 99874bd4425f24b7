"""What the tests need beside Python packages: a browser, and Node.js with npm.

`python -m tests.prerequisites` finds or brings them and writes down where they are; the tests read
that. A test that needs what could not be had is skipped with the reason, and fails where CI is set.
"""
