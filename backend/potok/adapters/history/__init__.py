"""Keeps the partitioned history in order: makes weeks ahead, drops old ones, removes single old runs."""

from potok.adapters.history.keeper import Plan, Report, keep, plan

__all__ = ["Plan", "Report", "keep", "plan"]
