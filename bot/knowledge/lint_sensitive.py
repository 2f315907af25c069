"""Rules about sensitive topics: the crisis first, and somebody to turn to in each."""

from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.faq import Faq
from bot.knowledge.lint_files import Folder
from bot.knowledge.lint_phrasings import content_words
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.sensitive import Sensitive, SensitiveTopic, Signpost
"""  placeholder """
