"""Blocks that remember from one run to the next: variables, and what was seen before."""

from .dedupe import dedupe
from .variables import add, get, set_

__all__ = ["add", "dedupe", "get", "set_"]
