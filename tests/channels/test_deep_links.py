"""Links into a private talk: written by us, never by what somebody typed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.deep_links import with_links
from bot.messages import plain


def test_a_link_is_written_out_where_the_engine_put_it() -> None:
    assert with_links("Take part: open:sv_abc2.", lambda payload: f"/open {payload}") == (
        "Take part: /open sv_abc2."
    )


@given(st.text(alphabet=":open sv_abc\\/", max_size=60) | st.text(max_size=60))
def test_no_words_of_a_person_become_a_link(words: str) -> None:
    text = f"**{plain(words)}**"
    assert with_links(text, lambda _: "LINK") == text
