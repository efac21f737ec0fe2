"""Phiếu theo dõi năm: how one body kept its deadlines in a year, with every day that was given or not counted."""
