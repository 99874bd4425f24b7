"""An index, so that an inbox entry is removed without reading every promise."""

from alembic import op

revision = "0016"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "ix_deliveries_notification_id"


def upgrade() -> None:
    """Apply."""
    op.create_index(NAME, "deliveries", ["notification_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, table_name="deliveries")
