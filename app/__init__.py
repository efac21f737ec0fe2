"""Wiring: settings, clock, engine, channels, migrations."""
