"""The bodies (cơ quan, đơn vị) that a text names, in its own words and with their exact places."""

from reader.bodies.naming import mentions, split

__all__ = ["mentions", "split"]
