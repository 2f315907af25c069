"""Which options somebody means where several may be chosen: "1, 3 and 5", "all except 2", "cost and time"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.language.choices import Names, Picked, Synonyms, Torn, match_named, names_of
from bot.language.loose_text import level, with_digits

_MOST_JOINED: Final = 4  # pieces that one name may be cut into by its own "and"s and commas

_BETWEEN = re.compile(r"\s*(?:[,;/&+\n]|\b(?:and|plus|also|as well as|along with)\b)\s*")
_OR = re.compile(r"\s*\bor\b\s*")
_OF_THEM: Final = (
    r"(?: of)?(?: (?:them|these|those|the above|it|the options|which|apply|that apply))*"
)
_END: Final = r"(?: (?:please|pls|really|apply))*[.! ]*"
_ALL: Final = rf"(?:all|every ?(?:thing|one)|each|the (?:whole )?lot|any){_OF_THEM}"
_EVERY = re.compile(rf"{_ALL}{_END}")
_NONE = re.compile(rf"(?:none|nothing|neither|not any|no ?ne|nowt){_OF_THEM}{_END}")
_BOTH = re.compile(rf"both{_OF_THEM}{_END}")
_BUT = re.compile(
    rf"{_ALL},? (?:except(?: for)?|excepting|but(?: not)?|apart from|bar|besides|without|other than|not) (.+)"
)
_FEW = re.compile(
    rf"(?:the )?(first|1st|top|last|bottom) (\d{{1,2}}|couple)(?: options| ones)?{_END}"
)
_RANGE = re.compile(r"(\d{1,2}) ?(?:-|to|till|through|until) ?(\d{1,2})")
_NUMBERS = re.compile(r"\d{1,2}(?: \d{1,2})+")
_LEAD = re.compile(
    r"^(?:(?:yes|numbers?|nos?\.?|options?|just|only|mainly|mostly|maybe|probably|definitely|both|"
    r"i'?d say|i think|it'?s|then|also) )+(?=\w)"
)


@dataclass(frozen=True, slots=True)
class Several:
    """These options and no others, by index from 0, in order; none of them where empty."""

    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a text that names no one option.

    Attributes:
        text: The part, as it was read.
        indexes: Options that it could mean, none of them picked; empty where it means none.
    """

    text: str
    indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """Some of a text could not be read for certain; to be asked back.

    Attributes:
        indexes: What is clear.
        doubts: What is not; at least one.
    """

    indexes: tuple[int, ...]
    doubts: tuple[Doubt, ...]


def match_choices(
    text: str, labels: Sequence[str], synonyms: Synonyms = ()
) -> Several | Unsure | None:
    """The options that a text means, where several may be chosen.

    An option whose label begins with "None" excludes the others: "all of them" leaves it out.

    Args:
        text: As typed.
        labels: The options' labels, in the order they were numbered.
        synonyms: Other names of each option, in the same order; may be shorter.

    Returns:
        None where the text means none of the options on the table.
    """
    read = level(text).strip(" .!")
    if not read or not labels:
        return None
    options = _Options(tuple(labels), names_of(labels, synonyms))
    if exact := options.names.named(read):
        return _several(exact) if len(exact) == 1 else Unsure((), (Doubt(read, exact),))
    return _together(read, options) or _in_pieces(read, options)


@dataclass(frozen=True, slots=True)
class _Options:
    labels: tuple[str, ...]
    names: Names

    @property
    def none(self) -> int | None:
        """The option that says that no other fits."""
        begins = (at for at, label in enumerate(self.labels) if re.match(r"none\b", label.lower()))
        return next(begins, None)

    @property
    def others(self) -> tuple[int, ...]:
        return tuple(at for at in range(len(self.labels)) if at != self.none)


def _several(indexes: Sequence[int]) -> Several:
    return Several(tuple(sorted(set(indexes))))


def _together(text: str, options: _Options) -> Several | Unsure | None:
    """What speaks of all options at once."""
    digits = with_digits(text)
    if _EVERY.fullmatch(text):
        return Several(options.others)
    if _NONE.fullmatch(text):
        return Several(() if options.none is None else (options.none,))
    if _BOTH.fullmatch(text):
        return Several(options.others) if len(options.others) == 2 else None
    if found := _BUT.fullmatch(text):
        return _all_but(found[1], options)
    if found := _FEW.fullmatch(digits):
        return _few(found[1], found[2], len(options.labels))
    return None


def _all_but(text: str, options: _Options) -> Several | Unsure | None:
    match _in_pieces(text, options):
        case Several(indexes=left_out):
            return Several(tuple(at for at in options.others if at not in left_out))
        case unread:
            return unread if unread is None else Unsure((), unread.doubts)


def _few(end: str, many: str, count: int) -> Several | None:
    number = 2 if many == "couple" else int(many)
    if not 0 < number <= count:
        return None
    is_last = end in {"last", "bottom"}
    return _several(range(count - number, count) if is_last else range(number))


def _in_pieces(text: str, options: _Options) -> Several | Unsure | None:
    """What lists options one by one."""
    clear: list[int] = []
    doubts: list[Doubt] = []
    for piece in _pieces(text, options.names):
        match _piece(piece, options):
            case Several(indexes=indexes):
                clear += indexes
            case Doubt() as doubt:
                doubts.append(doubt)
    if options.none in clear and len(set(clear)) > 1:
        doubts.append(Doubt(text, tuple(sorted(set(clear)))))
        clear = []
    if not doubts:
        return _several(clear) if clear else None
    if not clear and not any(doubt.indexes for doubt in doubts):
        return None
    return Unsure(tuple(sorted(set(clear))), tuple(doubts))


def _pieces(text: str, names: Names) -> Iterator[str]:
    """The text cut at commas and "and"s, but never inside an option's own name."""
    cuts = [(found.start(), found.end()) for found in _BETWEEN.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    at = 0
    while at < len(starts):
        last = next(
            (
                end
                for end in range(min(at + _MOST_JOINED, len(starts)) - 1, at, -1)
                if names.named(text[starts[at] : ends[end]])
            ),
            at,
        )
        if piece := text[starts[at] : ends[last]].strip(" .!"):
            yield piece
        at = last + 1


def _piece(text: str, options: _Options) -> Several | Doubt:
    read = _LEAD.sub("", text)
    count = len(options.labels)
    match match_named(read, options.names):
        case Picked(index=index):
            return Several((index,))
        case Torn(indexes=indexes):
            return Doubt(text, indexes)
        case None:
            return _by_numbers(read, text, count) or _either(text, options)


def _by_numbers(read: str, text: str, count: int) -> Several | Doubt | None:
    """A range or a row of numbers; in doubt where one of them has no option."""
    if found := _RANGE.fullmatch(with_digits(read)):
        numbers = list(range(int(found[1]), int(found[2]) + 1))
    elif _NUMBERS.fullmatch(read):
        numbers = [int(number) for number in read.split()]
    else:
        return None
    if not numbers or not 0 < min(numbers) <= max(numbers) <= count:
        return Doubt(text)
    return _several([number - 1 for number in numbers])


def _either(text: str, options: _Options) -> Doubt:
    """Of "1 or 3" both are named and neither is picked."""
    parts = _OR.split(text)
    found = [match_named(part, options.names) for part in parts if part]
    named = {each.index for each in found if isinstance(each, Picked)}
    return Doubt(text, tuple(sorted(named)))
