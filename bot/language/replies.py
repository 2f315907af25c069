"""Short replies that are no words of their own: yes, no, and the ways of not answering."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

from bot.language.loose_text import plain

CLOSE: Final = 90.0  # rapidfuzz ratio, 0-100: one slip in a short sentence


class Missing(StrEnum):
    """Why there is no answer; the codes that are stored, exported and charted."""

    SKIPPED = "skipped"
    DONT_KNOW = "dont-know"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    NOT_ASKED = "not-asked"
    NOT_REACHED = "not-reached"


_YES: Final = frozenset(
    "y ye yes yea yeah yeh yep yeap yup yh yas yess aye ay ok okay oki okey okie k kk sure course certainly "
    "definitely defo def absolutely indeed correct right true agreed exactly totally course fine alright "
    "ie oes ydw ydy ✅ ✔ 👍 👌 🙂 🙌 💯".split()
)
_NO: Final = frozenset(
    "n no nah naw na nope nop noo never negative nay nuh nage nac ❌ ✖ 👎 🙅 wrong false incorrect".split()
)
_FILLERS: Final = frozenset(
    "a am already and bit definitely did dokey doke do does fair for get go going good guess happy have i i'd "
    "i'm is it it's just lad lets let's love lovely mate me my now on one oh of please pls plz really reckon "
    "sorry sounds that that's thats then there they think thank thanks ta this to too very we well with would "
    "will you course ydw so sir yet at all way anymore much us chance".split()
)
_YES_PHRASES: Final = (
    "i think so",
    "think so",
    "i do",
    "i am",
    "i have",
    "i did",
    "i would",
    "i will",
    "we do",
    "we are",
    "we have",
    "go on",
    "go on then",
    "go ahead",
    "go for it",
    "of course",
    "no problem",
    "no worries",
    "no bother",
    "why not",
    "that's right",
    "thats right",
    "it is",
    "it does",
    "sounds good",
    "please do",
    "by all means",
    "i guess so",
    "i suppose so",
    "more or less",
    "pretty much",
)
_NO_PHRASES: Final = (
    "not really",
    "not yet",
    "not at all",
    "not me",
    "not now",
    "not today",
    "not likely",
    "not particularly",
    "i do not",
    "i don't",
    "i dont",
    "we don't",
    "i am not",
    "i'm not",
    "im not",
    "i haven't",
    "i havent",
    "i have not",
    "i didn't",
    "i wouldn't",
    "i won't",
    "i can't",
    "it isn't",
    "it doesn't",
    "don't think so",
    "dont think so",
    "i don't think so",
    "i dont think so",
    "i do not think so",
    "think not",
    "i think not",
    "of course not",
    "certainly not",
    "definitely not",
    "absolutely not",
    "no way",
    "no chance",
    "no thanks",
    "rather not do it",
    "afraid not",
    "i'm afraid not",
    "none",
)
_NOT_NO: Final = frozenset("idea clue comment one body problem worries bother".split())
_LEADS = re.compile(
    r"^(?:(?:well|oh|er+m*|um+|hmm+|sorry|honestly|tbh|to be honest|actually|probably|i'?m afraid|really)[ ,]+)+"
)
_TAILS = re.compile(
    r"[ ,]+(?:sorry|mate|tbh|to be honest|really|please|pls|thanks|thank you|ta|love|pal|at the moment|right now|"
    r"i'?m afraid|honestly|actually|yet|for now)$"
)

_MISSING: Final[Mapping[Missing, tuple[str, ...]]] = {
    Missing.DONT_KNOW: (
        "don't know",
        "do not know",
        "dont know",
        "dont no",
        "i don't know",
        "i dont know",
        "i do not know",
        "i really don't know",
        "don't really know",
        "dunno",
        "i dunno",
        "dno",
        "dk",
        "idk",
        "no idea",
        "i have no idea",
        "no clue",
        "haven't a clue",
        "havent a clue",
        "not a clue",
        "i haven't a clue",
        "no idea at all",
        "not sure",
        "i'm not sure",
        "im not sure",
        "i am not sure",
        "not really sure",
        "not too sure",
        "unsure",
        "can't remember",
        "cant remember",
        "i can't remember",
        "can't say",
        "couldn't say",
        "couldn't tell you",
        "could not tell you",
        "can't tell",
        "hard to say",
        "who knows",
        "god knows",
        "haven't the foggiest",
        "search me",
        "beats me",
        "your guess is as good as mine",
        "unknown",
        "not known",
        "don't have a clue",
        "i couldn't tell you",
        "i forget",
        "i have no clue",
    ),
    Missing.PREFER_NOT_TO_SAY: (
        "rather not say",
        "i'd rather not say",
        "id rather not say",
        "i would rather not say",
        "rather not",
        "i'd rather not",
        "i would rather not",
        "prefer not to say",
        "i prefer not to say",
        "i'd prefer not to say",
        "i would prefer not to say",
        "prefer not to answer",
        "prefer not to",
        "i'd rather not answer",
        "rather not answer",
        "none of your business",
        "mind your own business",
        "that's private",
        "private",
        "it's private",
        "that's personal",
        "it's personal",
        "personal",
        "not telling",
        "not telling you",
        "no comment",
        "i don't want to say",
        "i dont want to say",
        "don't want to say",
        "i don't want to answer",
        "not saying",
        "i won't say",
        "confidential",
        "pnts",
    ),
    Missing.SKIPPED: (
        "skip",
        "skip it",
        "skip this",
        "skip that",
        "skip this one",
        "skip this question",
        "skip question",
        "pass",
        "i'll pass",
        "pass on that",
        "pass on this",
        "pass on that one",
        "pass on this one",
        "next",
        "next one",
        "next question",
        "n/a",
        "n.a.",
        "not applicable",
        "doesn't apply",
        "does not apply",
        "doesn't apply to me",
        "leave it",
        "leave it blank",
        "leave blank",
        "blank",
        "move on",
        "ignore this",
        "no answer",
        "-",
    ),
}
_WORD = re.compile(r"[a-z0-9']+|[^\sa-z0-9',.!?;:()\"-]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SIGNS: Final = " .,!;:\"()"
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")


def read_yes_no(text: str) -> bool | None:
    """Whether a text says yes or no.

    Args:
        text: As typed, emoji too.

    Returns:
        None where it says neither, or both, or more than that.
    """
    whole = _without_lead(_TONES.sub("", text))
    read = _without_tail(whole)
    if not read or "?" in read:
        return None
    if whole in _YES_PHRASES or read in _YES_PHRASES:
        return True
    if whole in _NO_PHRASES or read in _NO_PHRASES:
        return False
    if read_missing(text):
        return None
    return _by_words(_WORD.findall(read))


def _by_words(words: list[str]) -> bool | None:
    """Yes or no where its word begins or ends the text and all other words only dress it."""
    rest = [word for word in words if word not in _YES and word not in _NO]
    is_yes = any(word in _YES for word in words)
    is_no = any(word in _NO or word in {"not", "don't", "dont"} for word in words)
    if is_yes is is_no or any(word not in _FILLERS and word not in _NEGATIONS for word in rest):
        return None
    return is_yes and not is_no if words[0] in _YES | _NO or words[-1] in _YES | _NO else None


_NEGATIONS: Final = frozenset("not don't dont can't cant won't wont haven't havent isn't".split())


def read_missing(text: str) -> Missing | None:
    """Why a text gives no answer: it skips, does not know, or would rather not say.

    Args:
        text: As typed; it has to say only that.

    Returns:
        None for any other text; never NOT_ASKED or NOT_REACHED, which only a run knows.
    """
    whole = _without_lead(text)
    read = _without_tail(whole)
    if code := _codes().get(whole) or _codes().get(read):
        return code
    if len(read) < 6 or not read.isascii():
        return None
    near = process.extractOne(read, _codes().keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return _codes()[near[0]] if near else None


@cache
def _codes() -> Mapping[str, Missing]:
    return {phrase: code for code, phrases in _MISSING.items() for phrase in phrases}


def _without_lead(text: str) -> str:
    """What is left without "well" and "sorry" before it, and no signs around it."""
    read = _STRETCHED.sub(r"\1", plain(text)).strip(_SIGNS)
    return _LEADS.sub("", read)


def _without_tail(text: str) -> str:
    """What is left without "mate" and "please" after it."""
    while (shorter := _TAILS.sub("", text)) != text:
        text = shorter
    return text.strip(_SIGNS)
