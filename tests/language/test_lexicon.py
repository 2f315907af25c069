"""Terms in all their spellings, and words that mean the same."""

import pytest

from bot.knowledge.glossary import Glossary
from bot.language.lexicon import Lexicon
from bot.language.normalising import tokens

GLOSSARY = Glossary.model_validate(
    {
        "terms": [
            {
                "id": "rscitech",
                "title": "RSciTech",
                "meaning": "a title",
                "spellings": ["rscitech", "r sci tech", "registered science technician"],
            },
            {"id": "rsci", "title": "RSci", "meaning": "a title", "spellings": ["r sci"]},
            {
                "id": "civil-engineers",
                "title": "ICE",
                "meaning": "a body",
                "spellings": ["ice", "institution of civil engineers"],
                "ambiguous": True,
                "needs": ["civil", "fees"],
            },
        ],
        "synonyms": [{"words": ["fee", "fees", "set me back"]}],
    }
)
LEXICON = Lexicon(GLOSSARY)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is R Sci Tech dear", "is rscitech dear"),
        ("registered science technician", "rscitech"),
        ("r sci or r sci tech", "rsci or rscitech"),
        ("ice on the road", "ice on the road"),
        ("ice fees", "civilengineers fees"),
        ("the institution of civil engineers", "the civilengineers"),
        ("nothing of ours", "nothing of ours"),
    ],
)
def test_every_spelling_becomes_one_token(typed: str, read: str) -> None:
    assert " ".join(LEXICON.unify(tokens(typed))) == read


def test_words_that_mean_the_same_are_found() -> None:
    assert LEXICON.meanings(tokens("how far will it set me back in fees")) == ("=fee", "=fee")
    assert LEXICON.meanings(tokens("nothing of the kind")) == ()


def test_titles_are_kept_for_people() -> None:
    assert LEXICON.title_by_token["civilengineers"] == "ICE"
    assert {"sci", "rscitech", "engineers"} <= LEXICON.words


def test_an_empty_glossary_changes_nothing() -> None:
    assert Lexicon(Glossary()).unify(("r", "sci")) == ("r", "sci")
