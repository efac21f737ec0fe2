"""The ways a message can leave. One file per channel, all alike; only this package may import Apprise."""
