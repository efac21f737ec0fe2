"""A help for migrations. What it does is fixed for ever: registers that are out there were made with it."""

from __future__ import annotations

from alembic import op


def order_by_code_points(*tables: str) -> None:
    """Ids and addresses of these tables stand in the same order on every server, whatever its locale; names that
    people read are sorted by ``plans.text.sort_key``. SQLite has always done so."""
    if op.get_context().dialect.name != "postgresql":
        return
    names = ", ".join(f"'{table}'" for table in tables)
    op.execute(
        "DO $$ DECLARE each record; BEGIN FOR each IN "  # noqa: S608 - the names stand in migrations
        "SELECT c.oid::regclass AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_collation o ON o.oid = a.attcollation "
        "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND o.collname <> 'C' "
        f"AND a.attnum > 0 AND NOT a.attisdropped AND c.relname = ANY (ARRAY[{names}]) "
        "LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s COLLATE \"C\"', each.relation, each.name, "
        "each.type); END LOOP; END $$"
    )
