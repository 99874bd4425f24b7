"""Run by Alembic, on the connection (and so in the transaction) that `upgrade` hands over."""

from alembic import context

from storage import models, program_models  # noqa: F401  they put the tables into the metadata
from storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
