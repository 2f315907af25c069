"""Static vectors of texts: the sum of a row for each word, from a table that ships with the program.

A word the table does not know, a misspelt one say, is the sum of the rows of its letter runs. Rows of
rare words are long and those of "the" are short, so the sum is what a text is about. How the table was
made, and from what, stands in docs/adr/0004-word-vectors.md and in the table itself.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.faq.features import Floats, grams
from bot.language.normalising import tokens

FORMAT: Final = 1
CACHE_WORDS: Final = 4096


def bucket_numbers(word: str, buckets: int) -> list[int]:
    """The buckets that a word's runs of 3, 4 and 5 letters fall into; never none."""
    runs = list(grams(word)) or [f"#{word}#"]
    return [crc32(run.encode()) % buckets for run in runs]
