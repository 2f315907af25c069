"""Somebody with two accounts and one bot: linked by a code, one survey in both, forgotten in both."""

import re
from pathlib import Path

from bot.service.library import Edition
from tests.channels.pair import talk

CODE = re.compile(r"Your code is \W*([a-z2-9]{10})")
ROWS = """
    SELECT (SELECT count(*) FROM identity) + (SELECT count(*) FROM person)
         + (SELECT count(*) FROM session) + (SELECT count(*) FROM consent)
"""


async def test_a_survey_begun_on_telegram_goes_on_on_slack(
    tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    assert edition.content.hash, "the index is built once for all tests"
    async with talk(tmp_path, index_cache) as ann:
        telegram, slack, count = ann.telegram, ann.slack, ann.bot.count

        await ann.says(slack, "link my chats", "employer", "One person, several chats.")
        said = await ann.presses(slack, "Give me a code", "Your code is")
        found = CODE.search(said)
        assert found
        await ann.says(telegram, f"/link {found[1]}", "Shall I link this chat")
        assert count("SELECT count(DISTINCT person) FROM identity") == 2
        await telegram.press("Yes, link them")
        await ann.is_told(slack, "Your chats are linked.")
        await ann.is_told(telegram, "These chats are one now.")
        assert count("SELECT count(DISTINCT person) FROM identity") == 1

        await ann.says(telegram, "start the survey", "Do you agree?")
        await ann.presses(telegram, "I agree, begin", "Question 1", "What kind of technical work")
        await ann.presses(telegram, "Science or lab work", "Question 2", "How long")

        await ann.says(slack, "/status", "Technician survey, question 2")
        await ann.presses(slack, "Go on with it", "How long have you done technical work?")
        await ann.presses(slack, "5 to 15 years", "Question 3")

        await ann.says(telegram, "how much does it cost?", "How much does registration cost?")
        await ann.says(telegram, "back", "Question 2", "How long")
        await ann.says(slack, "over 15 years", "Question 3")
        assert count(ROWS) == 5, "two accounts of one person, one talk, one agreement"

        await ann.says(slack, "/forget", "It cannot be undone.")
        await ann.presses(slack, "Yes, delete everything", "I deleted everything about you")
        assert count(ROWS) == 0
        await ann.says(telegram, "/status", "Words I use: not chosen yet")
        await ann.says(slack, "resume", "employer", "Nothing is under way")
        assert count("SELECT count(DISTINCT person) FROM identity") == 2, "strangers again"
