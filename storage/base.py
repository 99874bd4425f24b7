"""What all tables share: the root class, the naming of constraints, the kinds of keys."""

import uuid
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column

from storage.types import (
    AccessType,
    ActionType,
    DeliveryState,
    Instant,
    Relationship,
    Source,
    Standing,
    Status,
    Word,
)

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """Mint an identifier as the contract writes them: a random UUID."""
    return str(uuid.uuid4())


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        Status: Word(Status),
        AccessType: Word(AccessType),
        ActionType: Word(ActionType),
        Relationship: Word(Relationship),
        Standing: Word(Standing),
        DeliveryState: Word(DeliveryState),
        Source: Word(Source),
    }


Id = Annotated[str, mapped_column(String(36), primary_key=True)]
Number = Annotated[
    int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
]
PersonId = Annotated[str, mapped_column(String(36), ForeignKey("people.id"))]
AppointmentId = Annotated[str, mapped_column(String(36), ForeignKey("appointments.id"))]
