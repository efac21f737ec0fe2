"""Letters from the register: their facts are gathered here, worded by ``letters``, kept and counted by ``tasks``."""
