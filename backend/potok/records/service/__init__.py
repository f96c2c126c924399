"""What may happen in the records room, split by what it is about."""
