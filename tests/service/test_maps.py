"""The workplace map in the store: two reps at once, who sees what, what can be taken back."""

import threading
from collections.abc import Iterator
from datetime import UTC, date
from functools import cache, partial
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.flows.loading import parse_flows
from bot.flows.model import Flows
from bot.mapping import recording
from bot.mapping.importing import Import, read_list
from bot.mapping.standing import heads_in
from bot.mapping.workplace import WorkMap, WorkplaceId
from bot.messages import Address, BranchId, Inbound, Place, Role, Upload
from bot.results.workplace import Heads, Provenance
from bot.service import files, maps
from bot.service.files import FileRequest
from bot.service.intake import Intake
from bot.service.map_files import gather
from bot.service.plan_facts import maps_of
from bot.storage.sqlite import SQLiteStore
from tests.builders import ROOT, wording
from tests.service.houses import CHANNEL, House

AGREE = "I agree, begin"
SKIP = "Skip this question"
LIST = b"area,technicians,how_known\nLab 2,14,counted\nNights,6,told\nStores,many,\n"


@cache
def flows() -> Flows:
    text = (ROOT / "bot/flows/library/workplace-map.yaml").read_text("utf-8")
    return parse_flows({"workplace-map.yaml": text})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On a real file; the real flow, and two reps."""
    made = House(SQLiteStore(tmp_path / "house.db"), flows=flows())
    for who in ("ann", "bob"):
        made.say(who, "hello")
        made.grant(who, Role.REP)
    yield made
    made.store.close()


def begin(house: House, who: str, workplace: str = "Riverside", area: str = "Lab 2") -> None:
    """Somebody begins to map an area, up to its first question."""
    house.say(who, "map an area")
    shown = house.press(who, AGREE) if is_asked(house, who) else []
    if "Which workplace" in "".join(shown) or is_workplace_asked(house):
        house.say(who, workplace)
    house.say(who, area)


def is_asked(house: House, who: str) -> bool:
    return "Do you agree?" in house.channel.sent[-1].reply.text


def is_workplace_asked(house: House) -> bool:
    return "Which workplace" in house.channel.sent[-1].reply.text


def answer(house: House, who: str, technicians: str, how: str = "counted") -> list[str]:
    """The number, how it is known, nothing else; then it is handed in."""
    house.say(who, technicians)
    if "How do you know" in house.channel.sent[-1].reply.text:
        house.say(who, how)
    for _ in range(8):
        house.press(who, SKIP)
    house.say(who, "no")
    return house.press(who, "Hand it in")


def map_area(house: House, who: str, area: str, technicians: str) -> list[str]:
    begin(house, who, area=area)
    return answer(house, who, technicians)


def the_map(house: House) -> WorkMap:
    (row,) = house.rows("workplace")
    return house.do(lambda tx: maps.load(tx, WorkplaceId(str(row["id"]))))


def heads(house: House) -> Heads | None:
    return heads_in(the_map(house), None)


def test_what_is_handed_in_is_on_the_map_at_once(house: House) -> None:
    said = map_area(house, "ann", "Lab 2", "10-15")
    assert "your figures. Areas: 1." in "".join(said)
    assert heads(house) == Heads(10, 15, Provenance.RANGE)
    assert [row["person"] for row in house.rows("area_figure")] == [house.person("ann")]


def test_an_area_there_is_no_room_for_is_said_to_be_left_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "AREAS_LIMIT", 1)
    map_area(house, "ann", "Lab 2", "14")
    said = "".join(map_area(house, "ann", "Stores", "6"))
    assert wording("map.recorded", areas=0, workplace="Riverside") in said
    assert wording("map.beyond", count=1) in said
    assert len(the_map(house).live) == 1
    assert wording("map.beyond", count=1) not in "".join(map_area(house, "ann", "Lab 2", "15"))


def test_a_run_that_is_left_writes_nothing(house: House) -> None:
    begin(house, "ann")
    house.say("ann", "14")
    house.say("ann", "cancel")
    assert house.rows("workplace") == []
    assert house.rows("area_figure") == []


def test_two_reps_at_once_lose_nothing(house: House) -> None:
    """Both have the same area open; whoever hands in later hears of the other's number."""
    begin(house, "ann")
    begin(house, "bob")
    answer(house, "ann", "14")
    house.clock.pass_(minutes=1)
    said = "".join(answer(house, "bob", "11"))
    assert "somebody else gave another answer" in said
    assert len(house.rows("workplace")) == 1
    assert len(house.rows("area")) == 1
    assert sorted(str(row["said"]) for row in house.rows("area_figure")) == [
        '{"low":11,"high":11}',
        '{"low":14,"high":14}',
    ]
    assert heads(house) == Heads(11, 11, Provenance.COUNTED)
    house.command("ann", "map", "settle")
    house.press("ann", "14 technicians, counted, 21 November 2026")
    assert heads(house) == Heads(14, 14, Provenance.COUNTED)
    assert len(house.rows("area_figure")) == 3


def test_an_area_that_somebody_else_has_just_changed_is_left_as_it_is(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    map_area(house, "bob", "Lab 2", "14")
    house.command("ann", "map", "rename Lab 2 to Lab 3")
    house.command("bob", "map", "rename Lab 3 to Lab 4")
    assert wording("map.undo-late") in house.command("ann", "map", "undo")
    assert [row["name"] for row in house.rows("area")] == ["Lab 4"]
    house.command("bob", "map", "undo")
    assert [row["name"] for row in house.rows("area")] == ["Lab 3"]
    house.command("ann", "map", "undo")
    assert [row["name"] for row in house.rows("area")] == ["Lab 2"]


def test_what_was_recorded_can_be_taken_back_with_the_areas_it_brought(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    house.clock.pass_(minutes=1)
    map_area(house, "ann", "Site A > Nights", "6")
    assert heads(house) == Heads(20, 20, Provenance.COUNTED)
    house.command("ann", "map", "undo")
    assert [area.name for area in the_map(house).live] == ["Lab 2"]
    house.command("ann", "map", "undo")
    assert the_map(house).live == ()
    assert wording("map.undo-nothing") in house.command("ann", "map", "undo")


def test_a_map_that_was_handed_in_can_be_changed_and_each_change_taken_back(house: House) -> None:
    map_area(house, "ann", "Lab 2", "10")
    for technicians in ("14", "15"):
        house.clock.pass_(minutes=5)
        house.command("ann", "answers")
        house.press("ann", "Change: Map my workplace")
        house.say("ann", "change how many technicians work there")
        house.say("ann", technicians)
        house.press("ann", "Hand it in")
        assert heads(house) == Heads(int(technicians), int(technicians), Provenance.COUNTED)
    changes = house.rows("area_change")
    assert len(changes) == 3
    assert len({row["source"] for row in changes}) == 1
    for before in (14, 10):
        house.command("ann", "map", "undo")
        assert heads(house) == Heads(before, before, Provenance.COUNTED)
    house.command("ann", "map", "undo")
    assert the_map(house).live == ()


def test_who_does_not_map_it_sees_no_small_number_nor_gets_a_file_with_one(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    map_area(house, "ann", "Stores", "3")
    assert " 3 technicians" in "".join(house.command("ann", "map"))
    seen = "".join(house.command("bob", "map"))
    assert " 3 technicians" not in seen
    assert "17 technicians" in seen
    for who, is_whole in (("ann", True), ("bob", False)):
        asked = request(house, who)
        source = house.do(partial(gather, request=asked))
        assert source is not None
        assert (source.work_map is not None) is is_whole
        assert ("3" in {str(c.heads.low) for c in source.tree.children if c.heads}) is is_whole
    bob, asked = house.person("bob"), request(house, "bob")
    house.do(lambda tx: tx.delete("role", {"person": bob}))
    assert house.do(partial(gather, request=asked)) is None


def request(house: House, who: str) -> FileRequest:
    (row,) = house.rows("workplace")
    return FileRequest(
        arguments={"workplace": str(row["id"])},
        person=house.known(who).person,
        branch=house.known(who).branch,
        language="en",
        content=house.content,
        now=house.clock.now(),
        zone=UTC,
    )


def test_another_branch_has_no_such_workplace(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    with pytest.raises(Refused, match="There is no workplace"):
        house.do(lambda tx: maps.find(tx, BranchId("elsewhere"), "Riverside"))
    branch, name, now = house.known("ann").branch, WorkplaceId("riverside"), house.clock.now()
    summary = house.do(lambda tx: maps.summary(tx, branch, name, now))
    assert [(area.name, area.technicians, area.asked) for area in summary.areas] == [
        ("Lab 2", 14, False)
    ]


def test_a_plan_is_built_from_the_map_of_those_who_map(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    now, branch = house.clock.now(), house.known("ann").branch
    for who, areas in (("ann", [("Lab 2", 14, False)]), ("bob", [])):
        person = house.person(who)
        found = house.do(partial(maps_of, branch=branch, person=person, now=now))
        named = [area for facts in found.values() for area in facts.areas]
        assert [(one.name, one.technicians, one.asked) for one in named] == areas


def test_a_forgotten_rep_leaves_the_figures_and_no_trace(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    person = house.person("ann")
    house.command("ann", "forget", "yes")
    assert heads(house) == Heads(14, 14, Provenance.COUNTED)
    assert not any(
        person in str(v) for rows in house.everything().values() for r in rows for v in r.values()
    )


def test_an_agreement_taken_back_takes_the_name_from_the_figures(house: House) -> None:
    map_area(house, "ann", "Lab 2", "4")
    house.command("ann", "consent", "workplace-map")
    assert [row["person"] for row in house.rows("area_figure")] == [None]
    assert house.rows("mapper") == []
    assert "4 technicians" not in "".join(house.command("ann", "map"))


def test_a_list_is_tried_first_then_taken_in_then_taken_back(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    house.clock.pass_(days=1)
    shown = send(house, "ann", LIST)
    assert "Nothing is kept yet" in shown
    assert "Line 4, **technicians**" in shown
    assert len(house.rows("area")) == 1
    assert len(house.rows("file")) == 1
    said = house.press("ann", "Put 2 line(s) on the map")
    assert "New areas: 1. New answers: 1." in "".join(said)
    assert heads(house) == Heads(20, 20, Provenance.ESTIMATED)
    assert house.rows("file") == []
    again = send(house, "ann", LIST)
    assert wording("map.import-same") in again
    house.command("ann", "map", "undo")
    assert [area.name for area in the_map(house).live] == ["Lab 2"]


def test_a_list_that_is_left_is_deleted_and_its_button_is_dead(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    send(house, "ann", LIST)
    button = house.option("ann", "Put 2 line(s) on the map")
    assert wording("map.import-left") in house.press("ann", "Leave it")
    assert house.rows("file") == []
    assert wording("map.import-gone") in house.press("ann", button.label)
    assert len(house.rows("area")) == 1


def test_a_list_needs_a_map_one_works_on_and_a_role(house: House) -> None:
    assert wording("map.import-where") in send(house, "ann", LIST)
    map_area(house, "ann", "Lab 2", "14")
    assert wording("map.import-where") in send(house, "bob", LIST)
    assert wording("map.import-not-text") in send(house, "ann", b"PK\x03\x04")
    house.say("carl", "hello")
    assert "list" not in send(house, "carl", LIST)
    assert house.rows("file") == []


def test_a_list_is_looked_through_before_its_transaction_and_not_again(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    content = f"area,technicians\n{house.clock.fresh()},6\n".encode()
    seen, may_end = maps.listed.cache_info().misses, threading.Event()
    busy = house.store.submit(lambda _: may_end.wait(30))
    ann = Address(CHANNEL, "ann")
    upload = Inbound(
        key="u", identity=ann, address=ann, place=Place.PRIVATE, utterance=Upload("a.csv", content)
    )
    heard = house.conversation.hear(upload)
    read, is_done = maps.listed.cache_info().misses - seen, heard.done()
    may_end.set()
    assert (read, is_done) == (1, False)
    assert busy.result(30)
    assert heard.result(30)
    house.deliver()
    house.press("ann", "Put 1 line(s) on the map")
    assert len(house.rows("area")) == 2
    assert maps.listed.cache_info().misses == seen + 1


async def test_a_list_is_looked_through_in_a_thread_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are heard meanwhile; and then it is not looked through again."""
    threads: list[threading.Thread] = []

    @cache
    def noted(content: bytes, today: date) -> Import:
        threads.append(threading.current_thread())
        return read_list(content, today)

    monkeypatch.setattr(maps, "listed", noted)
    ann = Address(CHANNEL, "ann")
    upload = Inbound(
        key="u", identity=ann, address=ann, place=Place.PRIVATE, utterance=Upload("a.csv", LIST)
    )
    assert await Intake(house.conversation, house.store, lambda: None).hear(upload)
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


def send(house: House, who: str, content: bytes) -> str:
    before = len(house.channel.sent)
    assert house.hear(who, Upload("areas.csv", content))
    house.deliver()
    return "".join(sent.reply.text for sent in house.channel.sent[before:])


def test_a_lost_role_closes_the_map_at_once(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    house.command("ann", "map")
    ann = house.person("ann")
    house.do(lambda tx: tx.delete("role", {"person": ann}))
    assert wording("refused.role") in house.press("ann", "What is missing")
    assert wording("refused.role") in house.command("ann", "map")
    assert "Lab 2" not in "".join(house.command("ann", "map", place=Place.GROUP))


def test_an_upload_is_kept_as_it_came(house: House) -> None:
    map_area(house, "ann", "Lab 2", "14")
    send(house, "ann", LIST)
    (row,) = house.rows("file")
    assert house.do(lambda tx: files.content_of(tx, str(row["id"]))) == LIST
