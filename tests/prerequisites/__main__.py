"""Find or bring what the tests need, and say at once what could not be had."""

from tests.prerequisites.browser import DRIVER, advice, bring_browser
from tests.prerequisites.machine import Machine, this_machine
from tests.prerequisites.node import ADVICE, bring_node
from tests.prerequisites.record import Found, write_record


def look(machine: Machine) -> Found:
    """Find or bring everything, and say what is missing and what becomes of its tests."""
    node = bring_node(machine)
    browser = bring_browser(machine, node)
    found = Found(
        browser=browser,
        node=node,
        driver=machine.environment.get(DRIVER),
        browser_advice="" if browser else advice(machine),
        node_advice="" if node else ADVICE,
    )
    fate = "fail" if machine.environment.get("CI") else "are not run"
    for sentence in filter(None, (found.browser_advice, found.node_advice)):
        machine.say(f"{sentence} Until then the tests that need it {fate}.")
    return found


if __name__ == "__main__":
    write_record(look(this_machine()))
