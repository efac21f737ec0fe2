"""What was ordered: plans, duties, deadlines and the working calendar. Pure Python, no database, no network."""
