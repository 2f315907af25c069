"""Small FAQs to read with."""

from functools import cache
from typing import Final

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.knowledge.faq import Faq
from bot.knowledge.glossary import Glossary
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.smalltalk import Smalltalk

FAQ: Final = Faq.model_validate(
    {
        "entries": [
            {
                "id": "cost",
                "question": "How much does registration cost?",
                "answer": "Some.",
                "phrasings": [
                    "what is the fee for joining the register",
                    "price of registration",
                    "is it expensive to register",
                    "what will I pay each year",
                ],
            },
            {
                "id": "duration",
                "question": "How long does registration take?",
                "answer": "Months.",
                "phrasings": [
                    "how many weeks until I am registered",
                    "time needed for an application",
                    "when will I hear back from the panel",
                    "waiting time",
                ],
            },
            {
                "id": "evidence",
                "question": "What evidence do I need?",
                "answer": "Proof.",
                "phrasings": [
                    "which documents should I collect",
                    "do I have to write a portfolio",
                    "proof of competence",
                    "what goes into my logbook",
                ],
            },
            {
                "id": "abroad",
                "question": "Does registration count in other countries?",
                "answer": "Often.",
                "phrasings": [
                    "is it recognised in Germany",
                    "working overseas with my title",
                    "can I use the letters outside the United Kingdom",
                    "moving to Spain",
                ],
            },
        ]
    }
)
SENSITIVE: Final = Sensitive.model_validate(
    {
        "topics": [
            {
                "id": "crisis",
                "title": "Crisis",
                "kind": "crisis",
                "card": "Ring 999.",
                "phrasings": [
                    "I want to end my life",
                    "I have been thinking about suicide",
                    "I cannot go on living like this",
                    "I am going to hurt myself",
                ],
                "innocent": ["this form is killing me", "I could murder a brew"],
                "signals": [["kill", "myself"], ["dont", "want", "to", "live"]],
            },
            {
                "id": "dismissal",
                "title": "Dismissal",
                "kind": "sensitive",
                "card": "Ask your rep.",
                "phrasings": [
                    "I have been sacked",
                    "they are going to dismiss me",
                    "my boss fired me yesterday",
                    "dismissed without notice",
                ],
                "innocent": ["my application was dismissed as incomplete"],
                "signals": [["sacked"]],
            },
        ]
    }
)
SMALLTALK: Final = Smalltalk.model_validate(
    {
        "kinds": [
            {"id": "greeting", "phrasings": ["hello", "good morning"], "replies": ["Hello."]},
            {"id": "thanks", "phrasings": ["thank you", "cheers"], "replies": ["Welcome."]},
            {"id": "number-alone", "phrasings": ["seven"], "replies": ["A number."]},
            {"id": "emoji-alone", "phrasings": [":)"], "replies": ["Nice."]},
            {"id": "nonsense", "phrasings": ["asdf"], "replies": ["Pardon?"]},
            {"id": "other-language", "phrasings": ["ile to kosztuje"], "replies": ["English."]},
        ]
    }
)
GLOSSARY: Final = Glossary.model_validate(
    {
        "terms": [
            {
                "id": "engtech",
                "title": "EngTech",
                "meaning": "a title",
                "spellings": ["eng tech", "engineering technician"],
            }
        ],
        "synonyms": [{"words": ["cost", "price", "fee", "dear"]}],
    }
)
BESIDE: Final = Beside(SENSITIVE, SMALLTALK)
NOTHING: Final = (Beside(), Glossary())


@cache
def reader() -> Reader:
    """A reader of all of the above."""
    return Reader.build(FAQ, BESIDE, GLOSSARY)


@cache
def bare_reader() -> Reader:
    """A reader of a FAQ alone."""
    return Reader.build(FAQ, *NOTHING)


def faq_of(*questions: str) -> Faq:
    """A FAQ with one phrasing an entry."""
    return Faq.model_validate(
        {
            "entries": [
                {"id": f"entry-{at}", "question": question, "answer": "An answer."}
                for at, question in enumerate(questions)
            ]
        }
    )
