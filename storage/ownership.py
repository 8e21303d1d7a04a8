"""What on PostgreSQL only the owner of the tables may do: a VACUUM by another role is left out with a mere notice."""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.errors import PressrunError


class NotOwnerError(PressrunError):
    """The database role may write rows, and may not do this; the message names the role that may."""

    exit_code = 2


_OTHERS = text(
    "SELECT current_user, min(tableowner) FROM pg_tables"
    " WHERE schemaname = current_schema() AND NOT pg_has_role(current_user, tableowner, 'USAGE') HAVING count(*) > 0"
)


def require_owner(c: Connection, what: str) -> None:
    """Raise NotOwnerError unless the role owns the tables, as on SQLite. `what`: the work, as the message names it."""
    if c.dialect.name == "sqlite":
        return
    row = c.execute(_OTHERS).first()
    if row is not None:
        role, owner = row
        raise NotOwnerError(
            f"{what} needs the owner of the tables: use --db with the role {owner!r} instead of {role!r}"
        )
