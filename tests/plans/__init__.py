"""Tests of the package plans."""
