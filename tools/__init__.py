"""Helpers for those who work on dondoc; nothing here is installed."""
