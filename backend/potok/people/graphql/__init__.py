"""The people room's part of the schema."""
