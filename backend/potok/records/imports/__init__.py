"""Imports: a file becomes rows, rows become changes of records, and an import can be taken back."""
