"""Texts as nobody should have to expect them: markup in pieces, escape codes, signs of every kind."""

from typing import Final

from hypothesis import strategies as st

PIECES: Final = (
    *("*", "**", "***", "_", "__", "`", "```", "~~", "#", "# ", "> ", "| a | b |", "|---|", "---"),
    *(
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2) ",
        "  - ",
        "\n",
        "\n\n",
        "  \n",
        "\\",
        "\\\n",
        "\t",
        "\r\n",
        " ",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "<",
        ">",
        "<b>",
        "</b>",
        "<script>",
        "&amp;",
        "&lt;",
        "&#42;",
    ),
    *("[x](https://a.example)", "[**x**](http://b.example/c_(d))", "[x](javascript:alert(1))"),
    *(
        "[x]",
        "[x][y]",
        "[x]: https://c.example",
        "<https://d.example>",
        "https://e.example",
        "@all",
    ),
    *("\x1b[31m", "\x1b]8;;https://f.example\x07", "\x1b]0;title\x1b\\", "\x9b2J", "\x1b", "\x00"),
    *("\x07", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\u200f", "\u200d", "\ufeff"),
    *("\U0001f468\u200d\U0001f52c", "\u05e9\u05dc\u05d5\u05dd", "\u4f60\u597d", "e\u0301", "\xb2"),
    *("one", "Two", "x" * 30, "0300 123 1100", "{gap}", "%s", "!", "?", ":", "."),
)
pieces: Final = st.sampled_from(PIECES)
texts: Final = st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=25).map("".join)


def letters(text: str) -> str:
    """The letters and digits of a text in order: what must not get lost, and not come twice."""
    return "".join(filter(str.isalnum, text))
