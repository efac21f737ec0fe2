"""Letters to invented addresses stay on the machine, whatever mail server is set up."""

from __future__ import annotations

from notifications.channels.base import Channel, Letter, Taken

SAMPLE_DOMAIN = "vi-du.example"  # of the sample plan; .example belongs to nobody (RFC 2606)


class SampleAside:
    """Hands letters of the sample plan to one channel and all others to another.

    The sample is played through at the first start, with dozens of messages; a real server would bounce them all to
    the office.
    """

    def __init__(self, real: Channel, aside: Channel) -> None:
        self.real = real
        self.aside = aside

    def send(self, letter: Letter) -> Taken | None:
        domain = letter.address.rpartition("@")[2].lower()
        return (self.aside if domain == SAMPLE_DOMAIN else self.real).send(letter)
