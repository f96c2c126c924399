"""Runs a published graph: plan (pure), step, retry, ports. Knows no database, queue or web."""
