"""Half-written forms, preferences, policies, attached files; messages that are shown anew."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("facilitator_leads", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attendee_leads", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("quiet_hours", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("agenda_at", sa.String(length=5), nullable=True),
        sa.Column("weekly_digest", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_preferences_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("typed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("began_with", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.PrimaryKeyConstraint("person_id", "subject", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_updated_at"), ["updated_at"], unique=False)
    op.create_table(
        "policies",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policies")),
    )
    op.create_table(
        "attached_files",
        sa.Column("appointment_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_attached_files_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", "file_id", name=op.f("pk_attached_files")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_starts_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("refresh_at", Instant(), nullable=True))
        batch_op.alter_column("appointment_id", existing_type=sa.String(length=36), nullable=True)
    op.create_index(
        "ix_deliveries_general_promise",
        "deliveries",
        ["kind", "person_id", "occurrence"],
        unique=True,
        sqlite_where=sa.text("appointment_id IS NULL"),
        postgresql_where=sa.text("appointment_id IS NULL"),
    )
    op.create_index(
        "ix_deliveries_refresh_at",
        "deliveries",
        ["refresh_at"],
        unique=False,
        sqlite_where=sa.text("refresh_at IS NOT NULL"),
        postgresql_where=sa.text("refresh_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Take back; what is about no single session is given up, because there was no place for it."""
    op.drop_index("ix_deliveries_refresh_at", table_name="deliveries")
    op.drop_index("ix_deliveries_general_promise", table_name="deliveries")
    op.execute("DELETE FROM deliveries WHERE appointment_id IS NULL")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("appointment_id", existing_type=sa.String(length=36), nullable=False)
        batch_op.drop_column("refresh_at")
        batch_op.drop_column("told_starts_at")
    op.drop_table("attached_files")
    op.drop_table("policies")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_updated_at"))
    op.drop_table("drafts")
    op.drop_table("preferences")
