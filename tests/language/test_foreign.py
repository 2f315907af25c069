"""Other languages told from English with mistakes."""

import pytest

from bot.language.common_words import rank_by_word
from bot.language.foreign import FOREIGN_WORDS, is_foreign
from bot.language.normalising import tokens


def is_english(word: str) -> bool:
    return word in rank_by_word()


@pytest.mark.parametrize(
    "text",
    [
        "dzie\u0144 dobry, ile to kosztuje",
        "quanto custa, por favor",
        "combien \u00e7a coute s'il vous pla\u00eet, je ne comprends pas",
        "\u0441\u043a\u043e\u043b\u044c\u043a\u043e \u044d\u0442\u043e \u0441\u0442\u043e\u0438\u0442",
        "\u4f60\u597d\uff0c\u53ef\u4ee5\u8bf4\u4e2d\u6587\u5417",
        "faint mae'n costio, ydych chi'n siarad cymraeg",
    ],
)
def test_other_languages_are_recognised(text: str) -> None:
    assert is_foreign(tokens(text), is_english)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "engtech",
        "hw mcuh dos regsitration csot",
        "Please, what means professional registration? In my country we have not this.",
        "i work in a cafe near the Costa del Sol",
        "der Meister said join",
        "whats the score mate",
    ],
)
def test_english_is_left_alone_however_it_is_spelt(text: str) -> None:
    assert not is_foreign(tokens(text), is_english)


def test_the_list_is_there() -> None:
    assert len(FOREIGN_WORDS) > 100
