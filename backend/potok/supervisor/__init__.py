"""Keeps one Potok alive: its servers, API process and workers, with one terminal and one data folder.

This package imports the standard library only (and the embedded servers, which do the same): it lives as long as
Potok does, and every library it loaded would be paid for in memory all that time.
"""
