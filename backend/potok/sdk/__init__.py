"""What plugin authors import; the only potok module a plugin may touch."""
