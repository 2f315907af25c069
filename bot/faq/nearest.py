"""How near a question is to each entry's phrasings, with a soft maximum over them."""

from typing import Final

import numpy as np

from bot.faq.features import Floats, Ints, Rows, Vector

SHARPNESS: Final = 10.0  # of the soft maximum; 10 to 20 rank alike


class Nearest:
    """Cosines of a question to all phrasings, by posting lists.

    Args:
        rows: The phrasings' features, the phrasings of one entry beside each other.
        firsts: Where each entry's phrasings begin, int32 [entries].
    """

    def __init__(self, rows: Rows, firsts: Ints) -> None:
        order = np.argsort(rows.ids, kind="stable")
        lengths = np.diff(rows.starts)
        self._phrasings = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)[order]
        self._weights = rows.weights[order]
        self._ends = np.concatenate([[0], np.cumsum(np.bincount(rows.ids, minlength=rows.width))])
        self._ends_list = self._ends.tolist()
        self._firsts = firsts
        self._count = len(rows)

    def cosines(self, question: Vector) -> Floats:
        """The cosine to every phrasing, float32 [phrasings]."""
        if not len(question.ids):
            return np.zeros(self._count, np.float32)
        ends = self._ends_list
        lists = [slice(ends[i], ends[i + 1]) for i in question.ids.tolist()]
        phrasings = np.concatenate([self._phrasings[part] for part in lists])
        weights = np.concatenate([self._weights[part] for part in lists])
        lengths = [part.stop - part.start for part in lists]
        weights = weights * np.repeat(question.weights, lengths)
        return np.bincount(phrasings, weights, minlength=self._count).astype(np.float32)

    def by_entry(self, cosines: Floats) -> Floats:
        """The soft maximum of each entry's cosines, float32 [entries].

        `log(sum(exp(10 * (cosine - 1)))) / 10 + 1`: a little above the best one where several are
        as near.
        """
        near = np.exp(np.float32(SHARPNESS) * (cosines - 1))
        return np.log(np.add.reduceat(near, self._firsts)) / np.float32(SHARPNESS) + 1
