"""The editors' inbox: groups by people, decisions that stay, replies as drafts (J1-J3)."""

import re

import pytest

from bot.knowledge.yaml_text import parse_yaml
from bot.messages import Role
from bot.service import inbox, nightly
from bot.service.people import DEFAULT_BRANCH
from tests.builders import torn, wording
from tests.service.houses import House
from tests.service.test_questions import ask, reply, sent_to

TAPS = ("how do i fix a leaking tap", "my tap is leaking how to fix it", "tap leaking fix?")
IGNORE, NEXT = wording("button.inbox-ignored"), wording("button.inbox-next")


@pytest.fixture
def branch(house: House) -> House:
    """An editor, and four people with leaking taps, one of them impatient; a fifth wants soup."""
    house.say("ed", "hello")
    house.grant("ed", Role.EDITOR)
    for number, words in enumerate((*TAPS, "recipe for soup")):
        house.say(f"p{number}", words)
    house.say("p8", TAPS[0])
    for _ in range(5):
        house.say("p0", TAPS[0])
    return house


def items(house: House) -> list[tuple[str, str, int]]:
    found = house.do(lambda tx: inbox.read(tx, DEFAULT_BRANCH))
    return [(item.words, item.status, item.people) for item in found]


def test_misses_that_ask_alike_are_one_and_people_count_once(branch: House) -> None:
    assert items(branch) == [(TAPS[0], "new", 4), ("recipe for soup", "new", 1)]
    (said,) = branch.command("ed", "misses")
    assert f"Number 1 (people: 4): {TAPS[0]}" in said
    (shown,) = branch.say("ed", "1")
    for words in TAPS:
        assert words in shown.replace("\\", "")


def test_ignored_stays_ignored_for_whatever_asks_alike(branch: House) -> None:
    branch.command("ed", "misses", "next")
    branch.press("ed", IGNORE)
    branch.say("p9", "fix my leaking tap")
    assert items(branch)[0][:2] == ("recipe for soup", "new")
    assert TAPS[0] not in branch.command("ed", "misses")[0]
    branch.clock.pass_(days=400)  # the misses themselves are purged; the decision is not
    nightly.run(branch.store, branch.content, branch.clock, branch.clock.now())
    branch.say("p7", "how to fix my leaking tap")
    assert [(words, status) for words, status, _ in items(branch)] == [(TAPS[0], "ignored")]


def test_the_night_takes_ignored_ones_out_of_the_way(branch: House) -> None:
    branch.command("ed", "misses", "next")
    branch.press("ed", IGNORE)
    branch.say("p9", "fix my leaking tap")
    nightly.run(branch.store, branch.content, branch.clock, branch.clock.now())
    statuses = {str(row["words"]): row["status"] for row in branch.rows("miss")}
    assert statuses["fix my leaking tap"] == "ignored"
    assert statuses["recipe for soup"] == "new"


def test_done_comes_up_again_when_people_still_ask(branch: House) -> None:
    branch.command("ed", "misses", "next")
    branch.press("ed", wording("button.inbox-done"))
    assert (TAPS[0], "done", 0) in items(branch)
    branch.say("p9", "fix my leaking tap")
    assert (TAPS[0], "new", 1) in items(branch)


def test_later_is_a_list_of_its_own_and_can_be_new_again(branch: House) -> None:
    branch.command("ed", "misses", "next")
    branch.press("ed", wording("button.inbox-later"))
    assert "soup" in branch.press("ed", NEXT)[0]
    assert TAPS[0] in branch.command("ed", "misses", "later")[0]
    branch.say("ed", "1")
    branch.press("ed", wording("button.inbox-new"))
    assert items(branch)[0][:2] == (TAPS[0], "new")


def test_what_an_editor_did_is_in_the_log_under_a_pseudonym(branch: House) -> None:
    branch.command("ed", "misses", "next")
    branch.press("ed", IGNORE)
    (line,) = [row for row in branch.rows("audit") if row["what"] == "miss.triaged"]
    assert re.fullmatch(r"m-[0-9a-f]{8} ignored", str(line["detail"]))
    assert line["who"] != branch.person("ed")


def test_a_picked_entry_is_the_nearest(house: House) -> None:
    house.library.edition.reader.listed["the fee?"] = torn("employer", "cost")  # type: ignore[attr-defined]  # a ListedReader
    house.say("ed", "hello")
    house.grant("ed", Role.EDITOR)
    house.say("ann", "the fee?")
    house.press("ann", "How much does registration cost?")
    house.command("ed", "misses", "next")
    (said,) = house.press("ed", wording("button.inbox-phrasing", entry="cost"))
    assert '\\- \\{text\\: "the fee?"\\}' in said


def test_a_reply_becomes_a_draft_entry_that_can_be_pasted(house: House) -> None:
    for who in ("rita", "ed", "ann"):
        house.say(who, "hello")
    house.grant("rita", Role.REP)
    house.grant("ed", Role.EDITOR)
    ask(house, "ann", "who mends taps?")
    reply(house, "rita", "The estates team.\nAsk at the desk.")
    house.command("ed", "misses", "next")
    (said,) = house.press("ed", wording("button.inbox-draft"))
    line = re.sub(r"\\(.)", r"\1", said.splitlines()[-1].replace("\\n", "<br>"))
    value = parse_yaml(f"entries:\n{line.replace('<br>', chr(92) + 'n')}\n", "faq.yaml").value
    assert isinstance(value, dict)
    entries = value["entries"]
    assert isinstance(entries, list)
    (entry,) = entries
    assert isinstance(entry, dict)
    assert entry["question"] == "who mends taps?"
    assert entry["draft"] is True
    assert str(entry["answer"]).startswith("The estates team.")
    house.command("ed", "misses", "next")
    house.press("ed", wording("button.inbox-done"))
    assert [row["status"] for row in house.rows("reply")] == ["done"]


def test_another_branch_has_an_inbox_of_its_own(branch: House) -> None:
    branch.do(lambda tx: tx.insert("branch", {"id": "far", "name": "Far", "created_at": 0}))
    branch.do(lambda tx: tx.update("miss", {}, {"branch": "far"}))
    assert items(branch) == []


def test_nobody_but_editors_reads_it(branch: House) -> None:
    branch.grant("p0", Role.REP)
    assert branch.command("p0", "misses") == [wording("refused.role")]
    assert TAPS[1] not in "".join(sent_to(branch, "p0"))
