"""What became of it: occurrences, papers, moves, the audit trail."""
