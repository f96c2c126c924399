"""The calendars room: when a workspace works, its days off, and its time zone."""
