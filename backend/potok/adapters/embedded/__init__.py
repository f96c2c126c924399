"""PostgreSQL and Valkey as child processes, for the one-command start."""
