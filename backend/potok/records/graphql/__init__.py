"""The records room's part of the schema."""
