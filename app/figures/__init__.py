"""Số liệu: what agencies reported, gathered, summed, compared, drawn, and made fit for publication."""
