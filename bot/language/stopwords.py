"""English words that say nothing about what a question is about."""

from typing import Final

from bot.language.word_lists import word_list

STOPWORDS: Final = frozenset(word_list("stopwords"))
