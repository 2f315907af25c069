"""Nobody presses a button that was not made for them (R31, T4)."""

import random
import string

import pytest

from bot.engine.session import Session
from bot.messages import Token
from tests.builders import Talk, answered

OTHERS = "zyxwvutsrqponmlkjihgfedcba"  # the secret of another person's session
LETTERS = string.digits + "abcdef."


def forged(chance: random.Random, own: str, others: str) -> str:
    """Made up, changed in some places, of somebody else, or with the mark of another turn or option."""
    at, end = sorted(chance.sample(range(len(own) + 1), 2))
    turn, number, mark = own.split(".")
    some = "".join(chance.choices(LETTERS, k=chance.randrange(0, 6)))
    return chance.choice(
        (
            "".join(chance.choices(LETTERS, k=chance.randrange(0, 64))),
            own[:at] + some + own[at:],
            own[:at] + some + own[end:],
            others[:at] + own[at:],
            others,
            f"{chance.randrange(99):x}.{number}.{mark}",
            f"{turn}.{chance.randrange(99)}.{mark}",
        )
    )


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_r31_no_forged_button_is_taken(count: int) -> None:
    chance, ann, bob = random.Random(31), Talk(), Talk(session=Session(secret=OTHERS))
    for talk in (ann, bob):
        talk.say("cost", answered("cost"))
        talk.say("cost", answered("cost"))
    own = {offer.token for offer in ann.session.offers}
    bobs = [offer.token for offer in bob.session.offers]
    assert own
    assert not own & set(bobs), "nobody else's button is ours"
    tokens = sorted(own)
    tried = set[Token]()
    while len(tried) < count:
        token = Token(forged(chance, chance.choice(tokens), chance.choice(bobs)))
        if token not in own:
            tried.add(token)
    assert [token for token in tried if ann.session.offer(token)] == []
    assert all(ann.session.offer(token) for token in own), "and the real ones work"
