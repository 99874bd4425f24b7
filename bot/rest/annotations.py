"""What the operations on notes do (contract, section 3, 10 to 14)."""

from bot import coaching
from bot.coaching import AccessType
from bot.rest import answers, bodies, rendering
from bot.rest.calls import Call
from bot.rest.pages import paged
from bot.rest.queries import Nothing, Pages, read_word


def list_all(call: Call[Pages, None]) -> answers.AnnotationList:
    """List the notes that the caller may read."""
    page = coaching.list_annotations(
        call.context,
        call.caller,
        call.ids["appointmentId"],
        page_number=call.query.page_number,
        page_size=call.query.page_size,
    )
    entities = [rendering.annotation(each) for each in page.entities]
    return paged(answers.AnnotationList, page, entities, call.address)


def add(call: Call[Nothing, bodies.NewAnnotation]) -> answers.Annotation:
    """Add a note."""
    found = coaching.add_annotation(
        call.context,
        call.caller,
        call.ids["appointmentId"],
        text=call.body.text,
        access_type=read_word(AccessType, call.body.access_type, "accessType"),
    )
    return rendering.annotation(found)


def find(call: Call[Nothing, None]) -> answers.Annotation:
    """Find one note."""
    return rendering.annotation(
        coaching.find_annotation(
            call.context, call.caller, call.ids["appointmentId"], call.ids["annotationId"]
        )
    )


def edit(call: Call[Nothing, bodies.AnnotationText]) -> answers.Annotation:
    """Write a note's text anew; the rest of what is sent is ignored."""
    found = coaching.edit_annotation(
        call.context,
        call.caller,
        call.ids["appointmentId"],
        call.ids["annotationId"],
        text=call.body.text,
    )
    return rendering.annotation(found)


def delete(call: Call[Nothing, None]) -> None:
    """Delete a note."""
    coaching.delete_annotation(
        call.context, call.caller, call.ids["appointmentId"], call.ids["annotationId"]
    )
