"""Runs migrations on the connection that storage.database hands over, inside its transaction."""

from alembic import context

from storage.schema.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by copying it
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
