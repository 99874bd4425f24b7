"""Of what type the note is that an inbox entry tells of, so that only its readers see it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0013"
branch_labels = None
depends_on = None

FROM_THE_TRAIL = """
    UPDATE notifications SET note_type = (
        SELECT MIN(annotations.access_type)
        FROM annotations
        JOIN audit ON audit.entity = 'annotation' AND audit.entity_id = annotations.id
        WHERE annotations.appointment_id = notifications.appointment_id
        AND audit.action = notifications.action_type
        AND audit.at = notifications.created_at
        AND audit.actor_id = notifications.caused_by
    )
    WHERE action_type IN ('AnnotationAdded', 'AnnotationEdited', 'AnnotationDeleted')
"""
"""Private comes before Public: of two notes of one moment an entry counts as about the former. An
entry of which the trail knows nothing stays without a type, which counts as Private."""


def upgrade() -> None:
    """Apply."""
    op.add_column("notifications", sa.Column("note_type", sa.String(length=32), nullable=True))
    op.execute(FROM_THE_TRAIL)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_column("note_type")
