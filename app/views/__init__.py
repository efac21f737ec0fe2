"""Read models of the dashboard: what each page shows, as plain values, by a fixed number of queries."""
