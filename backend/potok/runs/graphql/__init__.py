"""The runs room's part of the schema."""
