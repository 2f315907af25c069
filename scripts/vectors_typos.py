"""Slips of the keyboard, to train with."""

from random import Random
from typing import Final

_KEYS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
EVERY: Final = (7, 20)  # characters per slip; drawn per text
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def _beside() -> dict[str, str]:
    place = {key: (row, at) for row, keys in enumerate(_KEYS) for at, key in enumerate(keys)}
    return {
        key: "".join(
            other
            for other, (r, a) in place.items()
            if other != key and abs(r - row) <= 1 and abs(a - at) <= 1 and other.isalpha()
        )
        for key, (row, at) in place.items()
    }


BESIDE: Final = _beside()


def slip(text: str, random: Random) -> str:
    """A text with slips: a key beside, one left out, doubled or swapped, a space not typed."""
    typed = list(text.lower())
    for _ in range(max(1, round(len(typed) / random.uniform(*EVERY)))):
        at = random.randrange(len(typed))
        typed[at : at + 2] = _slipped(typed[at], "".join(typed[at + 1 : at + 2]), random)
        if not typed:
            return text
    return "".join(typed)


def _slipped(key: str, following: str, random: Random) -> list[str]:
    if key == " ":
        return [following] if random.random() < 0.5 else [key, following]
    match random.choices(("beside", "out", "twice", "swap", "more"), (30, 22, 12, 18, 10))[0]:
        case "beside":
            key = random.choice(BESIDE.get(key) or key)
        case "out":
            key = ""
        case "twice":
            key += key
        case "swap":
            key, following = following, key
        case _:
            key += random.choice(BESIDE.get(key) or _LETTERS)
    return [*key, *following]
