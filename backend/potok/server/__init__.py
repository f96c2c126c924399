"""The web process and the worker process, and the wiring that chooses adapters."""
