"""Finds how a text file is encoded: by its mark, by its shape, else by what reads most like Russian. Pure."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RUSSIAN = ("cp1251", "koi8-r")
_USUAL = {letter: 33 - place for place, letter in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")}
"""Letters from the most to the least used one."""
_SAMPLE = 64 * 1024


def by_mark(head: bytes) -> str | None:
    """The encoding the first bytes tell: a byte order mark, or the zero bytes of UTF-16 between Latin signs."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 20 and min(even, odd) * 10 <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def by_letters(sample: bytes) -> str:
    """The Russian encoding in which the text reads most like Russian."""
    return max(_RUSSIAN, key=lambda name: _likeness(sample[:_SAMPLE].decode(name, "replace")))


def _likeness(text: str) -> int:
    """Usual letters count; a capital right after a small letter is what a wrong decoding looks like."""
    score, before = 0, " "
    for letter in text:
        score += _USUAL.get(letter.lower(), 0)
        if before.islower() and letter.isupper():
            score -= 40
        before = letter
    return score


def find_encoding(path: str) -> str:
    """Of a whole file: UTF-8 is only taken for one that is UTF-8 to its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open(path, "rb") as file:
        head = file.read(_SAMPLE)
        marked = by_mark(head)
        if marked is not None:
            return marked
        chunk = head
        while True:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                return by_letters(chunk or head)
            if not chunk:
                return "utf-8"
            chunk = file.read(_SAMPLE)
