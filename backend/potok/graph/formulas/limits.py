"""How much a formula may ask for. What is beyond is refused with words, never attempted."""

MAX_LENGTH = 8_192
"""Characters of a formula (Excel's own limit)."""
MAX_NESTING = 64
"""Brackets, calls and signs inside one another (Excel's own limit)."""
MAX_DEPTH = 200
"""Depth of the tree: the longest chain such as a + b + c ..."""
MAX_STEPS = 1_000_000
"""Work of one evaluation: an item looked at, a name of an inner formula, 256 characters read."""
MAX_MEMORY = 8_000_000
"""Characters of text and items of lists made in one evaluation, all together."""
MAX_TEXT = 1_000_000
"""Characters of one text."""
MAX_LIST = 100_000
"""Items of one list that a formula makes."""
MAX_PATTERN = 255
"""Characters of a pattern with * and ? (Excel's own limit)."""
MAX_DATA_DEPTH = 100
"""Lists and records inside one another in data that is compared or handed on."""
