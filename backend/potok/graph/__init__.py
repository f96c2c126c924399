"""The scenario document: model, text format, validation. Pure: no I/O, no clock."""
