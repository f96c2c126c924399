"""The room of business data: object types and fields people add by clicking, and their records."""
