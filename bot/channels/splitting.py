"""Cuts a reply that is longer than one message, and loses nothing of it.

It cuts between paragraphs where it can, else between lines, else sentences, else words, and inside a
word only where the word alone is too long. Bold stays bold on both sides; a link stays whole. The
options are on the last part.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import dropwhile, groupby
from typing import Final

from bot.channels.light_markdown import (
    Block,
    Item,
    Paragraph,
    Run,
    are_one_list,
    join_runs,
    parse_light,
    plain_text,
)
from bot.messages import Option, Reply

Measure = Callable[[tuple[Block, ...]], int]
ENOUGH: Final = 0.3  # share of a message: a better place to cut before it is not worth it

_PIECES = re.compile(r"\s+|\S+")
_SENTENCE_END = re.compile(r"[.!?:][\"')\]\u201d\u2019]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of a reply.

    Attributes:
        blocks: What it says.
        options: The reply's options, on the last part only.
        first_number: The number of the first option.
    """

    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    first_number: int = 1


class _Joint(IntEnum):
    """How good a place to cut is, best last."""

    WORD = 1
    SENTENCE = 2
    LINE = 3
    BLOCK = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word, or the white space between two: then `joint` says how good a place to cut it is."""

    block: Block
    number: int  # of the block
    run: Run
    joint: _Joint | None = None


def plain_length(blocks: tuple[Block, ...]) -> int:
    """Characters of the plain text."""
    return len(plain_text(blocks))


def split(reply: Reply, limit: int, measure: Measure = plain_length) -> tuple[Part, ...]:
    """A reply as messages of at most `limit`, in order.

    Args:
        reply: What to say.
        limit: The most that `measure` may say of one message.
        measure: How the channel counts, for example UTF-16 units; more text is never less.
    """
    parts = split_blocks(parse_light(reply.text), limit, measure)
    last = Part(blocks=parts[-1], options=reply.options, first_number=reply.first_number)
    return (*(Part(blocks=blocks) for blocks in parts[:-1]), last)


def split_blocks(
    blocks: tuple[Block, ...], limit: int, measure: Measure = plain_length
) -> tuple[tuple[Block, ...], ...]:
    """The blocks, cut where they have to be; at least one part. A word over the limit is cut too.

    Raises:
        ValueError: The limit is below 1.
    """
    if limit < 1:
        raise ValueError("a message must hold at least one character")
    if measure(blocks) <= limit:
        return (blocks,)
    pieces = list(_pieces(blocks))
    parts: list[tuple[Block, ...]] = []
    while pieces:
        fitting = _fitting(pieces, limit, measure)
        if fitting == 0:
            pieces = _smaller(pieces, limit, measure)
            continue
        cut = _cut(pieces, fitting)
        parts.append(_built(_trimmed(pieces[:cut])))
        pieces = _rest(pieces, cut)
    return tuple(part for part in parts if part)


def _pieces(blocks: Sequence[Block]) -> Iterator[_Piece]:
    for number, block in enumerate(blocks):
        if number:
            before = blocks[number - 1]
            joint = _Joint.LINE if are_one_list(before, block) else _Joint.BLOCK
            yield _Piece(before, number - 1, Run(""), joint)
        last = ""
        for run in block.runs:
            for text in [run.text] if run.address else _PIECES.findall(run.text):
                space = None if run.address or text.strip() else _joint(text, last)
                yield _Piece(block, number, replace(run, text=text), space)
                last = text


def _joint(space: str, word: str) -> _Joint:
    if "\n" in space:
        return _Joint.LINE
    return _Joint.SENTENCE if _SENTENCE_END.search(word) else _Joint.WORD


def _fitting(pieces: Sequence[_Piece], limit: int, measure: Measure) -> int:
    """How many pieces from the first on fit into one message."""
    low, high = 0, min(len(pieces), 2 * limit + 1)  # every second piece has a character at least
    while low < high:
        middle = (low + high + 1) // 2
        if measure(_built(pieces[:middle])) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(pieces: Sequence[_Piece], fitting: int) -> int:
    """Where to cut: at the best joint that leaves a message well filled, else at the last one."""
    if fitting == len(pieces):
        return fitting
    joints = [
        (joint, place)
        for place, piece in enumerate(pieces[: fitting + 1])
        if (joint := piece.joint) is not None and place
    ]
    filled = [found for found in joints if found[1] >= ENOUGH * fitting]
    if filled:
        return max(filled)[1]
    return joints[-1][1] if joints else fitting


def _smaller(pieces: list[_Piece], limit: int, measure: Measure) -> list[_Piece]:
    """The pieces, the first of which is too long, with smaller ones in its place."""
    first, rest = pieces[0], pieces[1:]
    if first.run.address is not None:
        words = replace(first.run, text=plain_text((Paragraph((first.run,)),)), address=None)
        return [*_pieces_of(first, words), *rest]
    size = _fitting_characters(first, limit, measure)
    if size == 0 and isinstance(first.block, Item):
        marker = [Run(first.block.marker), Run(" ")] if first.block.marker else []
        lead = [
            replace(first, run=run, joint=None if run.text.strip() else _Joint.WORD)
            for run in marker
        ]
        return _as_block([*lead, *pieces], Paragraph(first.block.runs))
    text, size = first.run.text, max(size, 1)
    halves = (text[:size], text[size:])
    return [*(replace(first, run=replace(first.run, text=half)) for half in halves if half), *rest]


def _pieces_of(piece: _Piece, run: Run) -> Iterator[_Piece]:
    for found in _pieces((replace(piece.block, runs=(run,)),)):
        yield replace(found, block=piece.block, number=piece.number)


def _fitting_characters(piece: _Piece, limit: int, measure: Measure) -> int:
    low, high = 0, min(len(piece.run.text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        shorter = replace(piece, run=replace(piece.run, text=piece.run.text[:middle]))
        if measure(_built([shorter])) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _rest(pieces: list[_Piece], cut: int) -> list[_Piece]:
    """What is left after a cut; an item that goes on does not get its marker again."""
    rest = list(dropwhile(_is_space, pieces[cut:]))
    if not rest or not isinstance(rest[0].block, Item) or rest[0].number != pieces[cut - 1].number:
        return rest
    return _as_block(rest, replace(rest[0].block, marker=""))


def _as_block(pieces: list[_Piece], block: Block) -> list[_Piece]:
    """The pieces, those of the first one's block in another block."""
    number = pieces[0].number
    return [replace(one, block=block) if one.number == number else one for one in pieces]


def _trimmed(pieces: list[_Piece]) -> list[_Piece]:
    return list(dropwhile(_is_space, pieces[::-1]))[::-1]


def _is_space(piece: _Piece) -> bool:
    return piece.joint is not None


def _built(pieces: Iterable[_Piece]) -> tuple[Block, ...]:
    """The pieces as blocks again."""
    built: list[Block] = []
    for _, group in groupby(pieces, key=lambda piece: piece.number):
        members = list(group)
        runs = join_runs(piece.run for piece in members)
        if runs:
            built.append(replace(members[0].block, runs=runs))
    return tuple(built)
