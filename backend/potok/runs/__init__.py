"""The room of events, runs, their journal, effects, timers and history."""
