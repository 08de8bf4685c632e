"""Runs the revisions on the connection that ``kiosk.storage.schema`` passes, in its transaction."""

from alembic import context

from kiosk.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
