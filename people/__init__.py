"""People: who may sign in, which post each holds, and what a post may do."""
