"""The room of the Outbox: every message that was or would be sent."""
