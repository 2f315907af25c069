"""Has MiniLM look its words up before it makes numbers of them, not after.

The file holds the rows of 30,522 word pieces in 8 bits, and a graph that makes all of them into 32 bits
and then takes those of a text: whoever runs it works that out once and keeps it, 47 MB. Here the graph
takes the text's rows first. What comes out is the same to the last bit. Only these few nodes are
written anew; all other bytes of the file are passed on as they are.
"""

from collections.abc import Iterator
from mmap import mmap
from typing import Final

Bytes = bytes | memoryview

GRAPH: Final = 7  # field of a model
NODE: Final = 1  # field of a graph
OUTPUT: Final = 2  # fields of a node
INPUT, OPERATION, ATTRIBUTE = 1, 4, 5
FLOAT: Final = 1  # a kind of number
PIECES: Final = "inner.embeddings.word_embeddings.weight"
GONE: Final = frozenset({f"{PIECES}_f".encode(), PIECES.encode(), b"embedding"})
_LEAD: Final = 128  # the bit of a byte that says that the number goes on


def words_first(model: Bytes | mmap) -> bytes:
    """The same model, its words looked up first.

    Args:
        model: The file, found to be the right one.
    """
    before: list[Bytes] = []
    graph: list[Bytes] = []
    after: list[Bytes] = []
    for number, whole, inside in _fields(memoryview(model)):
        if number != GRAPH:
            (after if graph else before).append(whole)
            continue
        graph = [*_looked_up(), *_others(inside)]
    size = sum(map(len, graph))
    return b"".join((*before, _key(GRAPH), _varint(size), *graph, *after))


def _others(graph: memoryview) -> Iterator[Bytes]:
    """The fields of a graph without the nodes that are not wanted."""
    for number, whole, inside in _fields(graph):
        if number != NODE or GONE.isdisjoint(_outputs(inside)):
            yield whole


def _outputs(node: memoryview) -> list[bytes]:
    return [bytes(inside) for number, _, inside in _fields(node) if number == OUTPUT]


def _looked_up() -> Iterator[bytes]:
    """The nodes that take a text's rows, and make numbers of them."""
    to_float = _field(1, b"to") + _key(3, 0) + _varint(FLOAT) + _key(20, 0) + _varint(2)
    yield _node("Gather", (f"{PIECES}_q", "input_ids"), "words_q")
    yield _node("Cast", ("words_q",), "words_f", to_float)
    yield _node("Gather", (f"{PIECES}_scale", "input_ids"), "words_scale")
    yield _node("Mul", ("words_f", "words_scale"), "embedding")


def _node(operation: str, takes: tuple[str, ...], gives: str, attribute: bytes = b"") -> bytes:
    said = b"".join(_field(INPUT, name.encode()) for name in takes)
    said += _field(OUTPUT, gives.encode()) + _field(OPERATION, operation.encode())
    return _field(NODE, said + (_field(ATTRIBUTE, attribute) if attribute else b""))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """The fields of a message: number, all its bytes, and what is inside (nothing of a number)."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        inside = at
        if key & 7 == 2:  # bytes behind their length
            length, inside = _number(message, at)
            at = inside + length
        elif key & 7 == 0:
            _, at = _number(message, at)
            inside = at
        else:
            at = inside = at + (4 if key & 7 == 5 else 8)
        yield key >> 3, message[start:at], message[inside:at]


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    found = shift = 0
    while True:
        byte = message[at]
        at += 1
        found |= (byte & ~_LEAD) << shift
        shift += 7
        if byte < _LEAD:
            return found, at


def _field(number: int, inside: bytes) -> bytes:
    return _key(number) + _varint(len(inside)) + inside


def _key(number: int, kind: int = 2) -> bytes:
    return _varint(number << 3 | kind)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number >= _LEAD:
        found.append(number & ~_LEAD & 255 | _LEAD)
        number >>= 7
    found.append(number)
    return bytes(found)
