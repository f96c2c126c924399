"""The scenarios room's part of the schema."""
