"""Run by Alembic, on the connection (and so in the transaction) that `upgrade` hands over."""

from alembic import context

from storage import models

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.Division.metadata,
    render_as_batch=True,
)
context.run_migrations()
