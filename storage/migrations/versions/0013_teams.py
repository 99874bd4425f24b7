"""The workspace of each account, and the home division by its id instead of its name."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = ["slack_user_id", "slack_team_id"]


def upgrade() -> None:
    """Apply; each account is without a workspace until Slack says which one it is of.

    Which division is home is decided at the next start, by the name that is set then.
    """
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(_team())
        batch_op.drop_constraint("uq_people_slack_user_id", type_="unique")
        batch_op.create_unique_constraint("uq_people_slack_user_id_slack_team_id", KEY)
    with op.batch_alter_table("further_accounts", schema=None) as batch_op:
        batch_op.add_column(_team())
        batch_op.drop_constraint("pk_further_accounts", type_="primary")
        batch_op.create_primary_key("pk_further_accounts", KEY)
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_home", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # Everybody is read anew at once, so that nobody of another workspace stays a member.
    op.execute("UPDATE syncs SET finished_at = NULL, cursor = '', holder = NULL")


def _team() -> sa.Column[str]:
    return sa.Column("slack_team_id", sa.String(length=32), nullable=False, server_default="")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.drop_column("is_home")
    with op.batch_alter_table("further_accounts", schema=None) as batch_op:
        batch_op.drop_constraint("pk_further_accounts", type_="primary")
        batch_op.create_primary_key("pk_further_accounts", KEY[:1])
        batch_op.drop_column("slack_team_id")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint("uq_people_slack_user_id_slack_team_id", type_="unique")
        batch_op.create_unique_constraint("uq_people_slack_user_id", KEY[:1])
        batch_op.drop_column("slack_team_id")
