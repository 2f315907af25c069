"""`/mydata` shows all and only one's own (R44), `/forget` leaves no trace (R45), consent is by version."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.agreeing import wording_version
from bot.errors import Unreachable
from bot.messages import Address, Command, Place, Reply, Role, Text
from bot.service import consents, people, privacy
from bot.service.doing import Doing
from bot.service.job_runner import JobRunner
from bot.service.ports import Row, Tx
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import view, wording
from tests.service.houses import CHANNEL, House, RecordingChannel

COST = "How much does registration cost?"
THINGS: Mapping[str, Callable[[House, str], object]] = {
    "ask": lambda house, who: house.say(who, COST),
    "vote": lambda house, who: (house.say(who, COST), house.press(who, wording("vote.no"))),
    "miss": lambda house, who: house.say(who, "moon?"),
    "stop": lambda house, who: house.command(who, "stop"),
    "audience": lambda house, who: house.command(who, "audience", "rep"),
    "guess": lambda house, who: house.command(who, "join", "guess"),
    "group": lambda house, who: house.hear(who, Command("status"), Place.GROUP),
    "unsent": lambda house, who: house.hear(who, Text(COST)),
    "mydata": lambda house, who: house.command(who, "mydata", "yes"),
    "rep": lambda house, who: ask_a_rep(house, who),  # noqa: PLW0108 - it stands below
    "consent": lambda house, who: agree(house, who),  # noqa: PLW0108 - it stands below
}
walks = st.lists(
    st.tuples(st.sampled_from(["ann", "ben"]), st.sampled_from(sorted(THINGS))), max_size=12
)


def doing(house: House, who: str, tx: Tx) -> Doing:
    return Doing(
        tx=tx,
        known=people.recognise(tx, Address(CHANNEL, who), ""),
        view=view(fresh=house.clock.fresh()),
        content=house.content,
        now=house.clock.now(),
        chance=house.clock.fresh,
    )


def ask_a_rep(house: House, who: str) -> None:
    """Somebody asks a person, tells a name, and takes what waits, as a rep."""
    house.grant(who, Role.REP)
    house.command(who, "human")
    house.press(who, wording("button.ask-rep-new"))
    if house.session(who).errand is None:
        return  # enough of theirs wait
    house.press(who, wording("button.ask-rep-agree"))
    house.say(who, f"why {who}?")
    house.press(who, wording("button.ask-rep-name"))
    house.say(who, f"name of {who}")
    house.command(who, "questions")
    if house.session(who).offers[-1].act.name == "desk-take":
        house.press(who, wording("button.desk-take", number=1))
        house.say(who, f"reply of {who}")


def agree(house: House, who: str, text: str = "May we keep it?", purpose: str = "survey") -> None:
    house.say(who, COST)
    house.do(lambda tx: consents.give(doing(house, who, tx), purpose, wording_version(text)))


def rows_about(house: House, who: str) -> dict[str, list[Row]]:
    """Every row of a personal table about somebody, without its hidden columns."""
    person = house.person(who)
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        if table.personal is None:
            continue
        rows = house.rows(table.name, **{table.personal.column: person})
        shown: list[Row] = [
            {c: v for c, v in row.items() if c not in table.personal.hidden} for row in rows
        ]
        if shown:
            found[table.name] = shown
    return found


@settings(max_examples=20)
@given(walks)
def test_mydata_shows_every_row_and_nothing_of_anybody_else(
    walk: Sequence[tuple[str, str]],
) -> None:
    house = House(MemoryStore())
    for who in ("ann", "ben"):
        house.say(who, COST)
    for who, thing in walk:
        THINGS[thing](house, who)
    house.deliver()
    house.make_files()
    expected = rows_about(house, "ann")
    person = house.person("ann")
    copy = json.loads(house.do(lambda tx: privacy.copy_of(tx, person)))
    assert copy == expected
    assert house.person("ben") not in json.dumps(copy)
    readable, told = shown(house, "ann")
    for table in TABLES:
        if table.personal:
            assert (f"**{table.personal.shown_as}**" in readable.text) is (table.name in expected)
    for changing in (
        "session",
        "due_job",
    ):  # this very turn stands in them, and the file it asked for
        assert told.pop(changing)
        expected.pop(changing, None)
    assert told == expected
    assert readable.personal
    assert house.person("ben") not in readable.text + json.dumps(told)


def test_the_chat_shows_words_and_the_file_the_rest() -> None:
    house = House(MemoryStore())
    house.say("ann", COST)
    house.command("ann", "audience", "rep")
    ask_a_rep(house, "ann")
    house.deliver()
    readable, told = shown(house, "ann")
    person, secret = house.person("ann"), json.loads(told["session"][0]["state"])["secret"]
    assert "words: why ann?" in readable.text
    assert "account: ann" in readable.text
    for inner in (person, secret, "{", "seq:", "branch:", "version:"):
        assert inner not in readable.text
    assert person in json.dumps(told)


def shown(house: House, who: str) -> tuple[Reply, dict[str, list[dict[str, Any]]]]:
    """What somebody is shown of themselves: in the chat, and in the file that follows."""
    house.command(who, "mydata", "yes")
    readable = house.channel.sent[-1].reply
    assert house.make_files() >= 1
    sent = house.channel.sent[-1]
    assert sent.reply.text == wording("mydata.file")
    assert sent.reply.attachment is not None
    assert sent.reply.attachment.name == "my-data.json"
    assert sent.reply.personal
    assert sent.address.id == who
    assert sent.file is not None
    return readable, json.loads(sent.file)


def test_mydata_shows_what_hostile_words_are_kept_as_they_are() -> None:
    house = House(MemoryStore())
    evil = "**bold** [x](http://e.example) `code`  two\tspaces\n# head <b> \u2028 \\ 🙂"
    agree(house, "ann", purpose=evil)
    readable, whole = shown(house, "ann")
    assert whole["consent"][0]["purpose"] == evil
    assert "e.example" not in [line for line in readable.text.split() if line.startswith("](")]
    assert "**bold**" not in readable.text


def test_many_rows_are_counted_in_the_readable_part_and_whole_in_the_copy() -> None:
    house = House(MemoryStore())
    for _ in range(privacy.SHOWN_ROWS + 5):
        house.say("ann", COST)
        house.press("ann", wording("vote.yes"))
    readable, whole = shown(house, "ann")
    assert wording("mydata.more", count=5) in readable.text
    assert len(whole["feedback"]) == privacy.SHOWN_ROWS + 5


def test_a_copy_of_the_data_is_not_kept_in_the_outbox() -> None:
    """Else the next copy would hold the last one, and so on."""
    house = House(MemoryStore())
    house.say("ann", COST)
    sizes = []
    for _ in range(4):
        readable, whole = shown(house, "ann")
        whole.pop("due_job")  # each file that was asked for is a job for a week
        sizes.append(len(readable.text) + len(json.dumps(whole)))
    assert max(sizes) < 2 * min(sizes)
    kept = " ".join(str(row["body"]) for row in house.rows("outbox"))
    assert wording("mydata.head") not in kept
    assert "my-data.json" not in kept
    assert house.rows("file") == []


def test_a_copy_that_is_on_its_way_goes_with_the_person(house: House) -> None:
    house.say("ann", COST)
    house.command("ann", "mydata", "yes")
    handlers = job_handlers(house.store, house.library, house.clock, UTC)
    runner = JobRunner(house.store, handlers, house.clock, lambda: None)
    assert asyncio.run(runner.work_due()) == 1
    assert len(house.rows("file")) == 1, "it waits to be delivered"
    house.command("ann", "forget", "yes")
    assert house.rows("file") == []
    assert house.channel.sent[-1].file is None


@settings(max_examples=20)
@given(walks)
def test_forget_deletes_one_person_and_nobody_else(walk: Sequence[tuple[str, str]]) -> None:
    house = House(MemoryStore())
    for who in ("ann", "ben"):
        house.say(who, COST)
    for who, thing in walk:
        THINGS[thing](house, who)
    person, ben = house.person("ann"), rows_about(house, "ben")
    told = house.command("ann", "forget", "yes")
    assert "I deleted everything about you" in told[-1]
    left = repr(house.everything())
    assert person not in left
    assert person.removeprefix("p-") not in left
    assert '"ann"' not in left.replace("'", '"')
    assert rows_about(house, "ben") == {**ben, **_delivered(house, "ben", ben)}


def _delivered(house: House, who: str, before: dict[str, list[Row]]) -> dict[str, list[Row]]:
    now = rows_about(house, who).get("outbox", [])
    assert len(now) == len(before.get("outbox", []))
    return {"outbox": now} if now else {}


def test_forget_leaves_no_trace_in_the_file_or_its_log(tmp_path: Path) -> None:
    """The canary is the account; after the last word went out, no byte of it is left (R45)."""
    path = tmp_path / "house.db"
    house = House(SQLiteStore(path))
    canary = "canary-account-4711"
    for thing in sorted(THINGS):
        THINGS[thing](house, canary)
    house.say("ben", COST)
    person = house.person(canary)
    files = [path, path.with_name("house.db-wal")]
    assert any(canary.encode() in file.read_bytes() for file in files), "the test is alive"
    house.command(canary, "forget", "yes")
    for file in files:
        data = file.read_bytes()
        assert canary.encode() not in data, file.name
        assert person.encode() not in data, file.name
    house.store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert canary.encode() not in path.read_bytes()


def test_forget_takes_back_what_was_not_delivered_yet(house: House) -> None:
    house.hear("ann", Text(COST))
    house.hear("ann", Command("mydata", "yes"))
    house.hear("ann", Command("forget", "yes"))
    assert [row["person"] for row in house.rows("outbox")] == [None]
    house.deliver()
    assert house.rows("outbox") == []
    assert len(house.channel.sent) == 1
    assert "I deleted everything" in house.channel.sent[0].reply.text


def test_the_last_word_to_somebody_unreachable_is_not_kept_either(house: House) -> None:
    house.hear("ann", Text(COST))
    house.hear("ann", Command("forget", "yes"))
    house.deliver(RecordingChannel(script={"ann": [Unreachable()]}))
    assert "ann" not in repr(house.everything())


def test_who_writes_again_is_a_stranger(house: House) -> None:
    house.command("ann", "audience", "rep")
    before = house.person("ann")
    house.command("ann", "forget", "yes")
    house.say("ann", COST)
    assert house.person("ann") != before
    assert house.rows("person")[0]["audience"] is None
    assert house.session("ann").turn == 1


def test_one_line_stays_in_the_audit_log_and_leads_to_nobody(house: House) -> None:
    house.say("ann", COST)
    person = house.person("ann")
    house.command("ann", "forget", "yes")
    (row,) = house.rows("audit")
    assert row["what"] == "person.forgotten"
    assert person.removeprefix("p-")[:8] not in repr(row)


def test_a_backup_that_is_put_back_forgets_again(house: House) -> None:
    for who in ("ann", "ben"):
        house.say(who, COST)
    backup = house.everything()
    house.clock.pass_(days=1)
    house.command("ann", "forget", "yes")
    stones = house.rows("tombstone")
    back = House(MemoryStore(), clock=house.clock)

    def put_back(tx: Tx) -> None:
        tx.delete("branch", {})
        tx.delete("install", {})
        for table in TABLES:
            for row in backup[table.name] if table.name != "tombstone" else stones:
                tx.insert(table.name, row)

    back.do(put_back)
    assert back.do(lambda tx: privacy.apply_tombstones(tx, back.clock.now())) == 1
    assert [row["account"] for row in back.rows("identity")] == ["ben"]
    assert back.do(lambda tx: privacy.apply_tombstones(tx, back.clock.now())) == 0


def test_who_came_back_after_being_forgotten_stays_when_a_backup_is_put_back(
    house: House,
) -> None:
    house.say("ann", COST)
    house.command("ann", "forget", "yes")
    house.clock.pass_(days=1)
    house.say("ann", COST)
    assert house.do(lambda tx: privacy.apply_tombstones(tx, house.clock.now())) == 0
    assert [row["account"] for row in house.rows("identity")] == ["ann"]


def test_a_tombstone_is_renewed_when_somebody_is_forgotten_twice(house: House) -> None:
    for _ in range(2):
        house.say("ann", COST)
        house.command("ann", "forget", "yes")
        house.clock.pass_(days=20)
    (stone,) = house.rows("tombstone")
    assert "ann" not in repr(stone)


@pytest.mark.parametrize("place", list(Place))
def test_everything_about_a_person_is_refused_in_a_group(house: House, place: Place) -> None:
    house.say("ann", COST)
    for name in ("mydata", "forget", "consent"):
        said = house.command("ann", name, "yes", place)
        assert (said == [wording("refused.place")]) is (place is Place.GROUP), name


def test_a_consent_holds_for_exactly_the_text_that_was_agreed_to(house: House) -> None:
    agree(house, "ann", text="Version one.")

    def holds(text: str, who: str = "ann") -> bool:
        person = house.person(who)
        agreed = house.do(lambda tx: people.agreements_of(tx, person))
        return ("survey", wording_version(text)) in agreed

    house.say("ben", COST)
    assert holds("Version one.")
    assert not holds("Version two.")
    assert not holds("Version one.", "ben")
    assert house.command("ann", "consent", "survey") == [wording("consent.withdrawn")]
    assert not holds("Version one.")
    assert house.rows("consent")[0]["withdrawn_at"] is not None


def test_consents_are_listed_and_taking_back_what_is_not_there_says_so(house: House) -> None:
    assert house.command("ann", "consent") == [wording("consent.none")]
    agree(house, "ann")
    assert house.command("ann", "consent") == [
        wording("consent.list", consents="- survey (21 November 2026)")
    ]
    assert house.command("ann", "consent", "map") == [wording("consent.none")]
    assert house.command("ann", "consent", " Survey ") == [wording("consent.withdrawn")]
    assert house.command("ann", "consent") == [wording("consent.none")]


def test_two_people_never_see_each_others_data(house: House) -> None:
    house.command("ann", "audience", "employer")
    house.say("ann", COST)
    house.grant("ann", Role.ADMIN)
    house.command("ann", "stop")
    said = " ".join(house.command("ben", "mydata", "yes") + house.command("ben", "status"))
    for private in (house.person("ann"), "employer", "admin", wording("status.stopped")):
        assert private not in said
