"""From a document to a plan."""
