"""Who may do what, written out from the contract, sections 3 and 4.

Codes are shortened; `-` stands for done, `in` and `out` for whether a list shows the session.
"""

PEOPLE = "Cora Fay Priya Dana Bea Omar Grace Alex Jonas".split()
"""Creator, facilitator and attendee hold the Agent role alone; Dana supervises Home, where the
attendee is, Omar another division, Bea both; Grace is quality manager of Home, Alex administers
everything, Jonas is an agent."""

CODES = {
    "none": "missing.permissions.not.appointment.participant",
    "list": "no.appointment.view.permission",
    "no": "forbidden",
    "agent": "agent.cannot.change.status",
    "division": "missing.division.permission",
    "role": "missing.permissions",
    "404": "notification.not.found",
}

LED = """
operation      Cora     Fay      Priya    Dana     Bea      Omar     Grace    Alex     Jonas
find           -        -        -        -        -        none     -        -        none
list           list     list     list     in       in       list     in       in       list
my_list        in       in       in       out      out      out      out      out      out
change         -        -        no       -        -        no       -        -        no
delete         -        no       no       no       no       no       -        -        no
change_status  -        -        agent    -        -        division -        -        role
status_history -        -        -        -        -        division -        -        role
notification   404      404      -        404      404      404      404      -        404
mark_as_read   no       no       -        no       no       no       no       no       no
"""
"""One attendee, Priya of Home, and a facilitator."""

UNLED = """
operation      Cora     Fay      Priya    Dana     Bea      Omar     Grace    Alex     Jonas
find           -        none     -        -        -        none     -        -        none
my_list        in       out      in       out      out      out      out      out      out
change         -        no       no       -        -        no       -        -        no
delete         -        no       no       no       no       no       -        -        no
change_status  -        role     -        -        -        division -        -        role
status_history -        role     -        -        -        division -        -        role
"""
"""The same without a facilitator."""

WIDE = """
operation      Cora     Fay      Priya    Dana     Bea      Omar     Grace    Alex     Jonas
find           -        -        -        none     -        none     none     -        none
list           list     list     list     out      in       list     out      in       list
list_both      list     list     list     list     in       list     list     in       list
my_list        in       in       in       out      out      out      out      out      out
change         -        -        no       no       -        no       no       -        no
delete         -        no       no       no       no       no       no       -        no
change_status  -        -        agent    division -        division division -        role
status_history -        -        -        division -        division division -        role
notification   404      404      -        404      404      404      404      -        404
"""
"""Two attendees, Priya of Home and Sam of Sales, and a facilitator: both divisions are needed."""


def read_table(table: str) -> dict[str, dict[str, str]]:
    """Map each operation to what becomes of each person's try."""
    heading, *rows = (line.split() for line in table.strip().splitlines())
    assert heading[1:] == PEOPLE
    return {
        operation: {who: CODES.get(each, each) for who, each in zip(PEOPLE, outcomes, strict=True)}
        for operation, *outcomes in rows
    }
