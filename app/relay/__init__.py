"""Messages that a person carries out of a closed network, and the receipts that come back in."""
