"""What was heard from Slack, so that several replicas do it once."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "acts",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("held_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_acts")),
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_seen_at"), ["seen_at"], unique=False)


def downgrade() -> None:
    """Take back; requests to tell somebody are given up, because there was no word for them."""
    op.execute("DELETE FROM deliveries WHERE kind = 'Unreachable'")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_seen_at"))
    op.drop_table("acts")
