"""Chốt sổ: what fell due in a month and how it stood, printed for signature and kept; what changed after that."""
