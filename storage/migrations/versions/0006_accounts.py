"""People's accounts: their names, further ones, contested addresses, and how far Slack is read."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _of_person("account_names", sa.Column("name", sa.String(length=255), nullable=False))
    _of_person(
        "further_accounts",
        sa.Column("slack_user_id", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
    )
    op.create_table(
        "claimed_addresses",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_claimed_addresses_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_claimed_addresses")),
    )
    with op.batch_alter_table("claimed_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claimed_addresses_email"), ["email"], unique=False)
    op.create_table(
        "syncs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("held_until", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_syncs")),
    )


def _of_person(table: str, *columns: sa.Column[str]) -> None:
    keys = [columns[0].name, "person_id"] if table == "account_names" else [columns[0].name]
    op.create_table(
        table,
        *columns,
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id")),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Take back; an account that is not the first of its person is met anew."""
    for table in ("syncs", "claimed_addresses", "further_accounts", "account_names"):
        op.drop_table(table)
