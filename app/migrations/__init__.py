"""Alembic migrations, from the first day: a register is never made anew, it is carried on."""
