"""The room of drafts, versions, publishing and dispatch."""
