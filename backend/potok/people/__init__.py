"""The room of users, sessions, roles, API keys and notices."""
