"""The memory room: what scenarios remember between runs: variables, and which things they have seen already."""
