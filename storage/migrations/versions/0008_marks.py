"""Random marks on messages, and what tells a database that was set back to an earlier moment."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

MARKS_ON_SQLITE = "UPDATE deliveries SET mark = id || '.' || lower(hex(randomblob(16)))"
MARKS_ON_POSTGRESQL = "UPDATE deliveries SET mark = id || '.' || gen_random_uuid()"


def upgrade() -> None:
    """Apply; a promise of before keeps its number, which may stand on its message."""
    op.add_column("deliveries", sa.Column("mark", sa.String(length=64), nullable=True))
    op.add_column("deliveries", sa.Column("sought_at", Instant(), nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(MARKS_ON_SQLITE if is_sqlite else MARKS_ON_POSTGRESQL)
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("mark", existing_type=sa.String(length=64), nullable=False)
    op.create_table(
        "timelines",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("written_in", sa.String(length=32), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("doubted_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timelines")),
    )
    # What lies ahead there was written by a clock of which nothing is known, and is soon over.
    op.execute("DELETE FROM paces")
    with op.batch_alter_table("paces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("written_at", Instant(), nullable=False))
    # Promises may have been kept by whoever used this database after it was copied.
    op.execute(
        "INSERT INTO timelines (name, server, written_in, counter)"
        " SELECT 'deliveries', 'unknown', '', 0 WHERE EXISTS (SELECT 1 FROM deliveries)"
    )


def downgrade() -> None:
    """Take back; what is on its way then is not found by its mark."""
    op.drop_table("timelines")
    with op.batch_alter_table("paces", schema=None) as batch_op:
        batch_op.drop_column("written_at")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("sought_at")
        batch_op.drop_column("mark")
