"""Hồ sơ theo dõi: everything that the register knows of one duty, so that an inspection needs nothing else."""
