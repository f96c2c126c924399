"""Exports: lists of records as CSV and XLSX, written while they are read."""
