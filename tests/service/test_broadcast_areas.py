"""Broadcasts to an area: only to those who said that they work there, and who they are is not told."""

from collections.abc import Iterable, Mapping

import pytest

from bot.engine.area_look import LINK, PURPOSE
from bot.messages import BranchId, Place
from bot.service import areas, people
from bot.service.clock import micros
from bot.service.ports import Row, Tx
from tests.builders import wording
from tests.service.broadcast_house import ULR, WORDS, BroadcastHouse

FEW = wording("count.few", least=5)
SITE, LAB, NIGHTS, OFFICE = "asite", "alab", "anights", "aoffice"
NAMES = {SITE: "Site A", LAB: "Lab 2", NIGHTS: "Nights", OFFICE: "Office"}
INSIDE: Mapping[str, str | None] = {SITE: None, LAB: SITE, NIGHTS: LAB, OFFICE: None}


@pytest.fixture
def house() -> BroadcastHouse:
    made = BroadcastHouse(people=0)
    branch, at = made.known(ULR).branch, micros(made.clock.now())

    def lay_out(tx: Tx) -> None:
        place: Row = {"id": "w", "branch": branch, "name": "Riverside", "folded": "riverside"}
        tx.insert("workplace", {**place, "created_at": at})
        for number, (area, parent) in enumerate(INSIDE.items()):
            row: Row = {"id": area, "branch": branch, "workplace": "w", "name": NAMES[area]}
            rest: Row = {"merged_into": None, "is_gone": 0, "source": "", "added_at": at + number}
            tx.insert("area", {**row, **rest, "parent": parent})

    made.do(lay_out)
    return made


def join(house: BroadcastHouse, who: str, area: str) -> list[str]:
    """Somebody opens the link of an area, and says that they work there."""
    house.command(who, "start", f"{LINK}{area}")
    return house.press(who, wording("button.area-yes"))


def to(area: str) -> str:
    path = {LAB: "Site A > Lab 2", NIGHTS: "Site A > Lab 2 > Nights"}.get(area, NAMES[area])
    return wording("broadcast.to-area", area=f"{path} (Riverside)")


def offered(house: BroadcastHouse) -> list[str]:
    """The audiences that are areas, as they are offered."""
    house.command(ULR, "broadcast", "new")
    house.press(ULR, wording("button.bc-own"))
    house.say(ULR, WORDS)
    house.press(ULR, wording("button.bc-service"))
    _, _, last = (sent.reply for sent in house.channel.sent[-3:])
    head = wording("broadcast.to-area", area="")
    return [option.label for option in last.options if option.label.startswith(head)]


def told(house: BroadcastHouse, everybody: Iterable[str]) -> list[str]:
    return [who for who in everybody if got(house, who)]


def got(house: BroadcastHouse, who: str) -> list[str]:
    """The broadcasts that somebody got."""
    sent = (one for one in house.channel.sent if one.key.startswith("bc:"))
    return [one.reply.text for one in sent if one.address.id == who]


def send(house: BroadcastHouse, area: str, kind: str = "service") -> None:
    house.send(audience=to(area), kind=kind)
    house.work()
    house.pass_time(seconds=2)


@pytest.mark.parametrize("kind", ["service", "campaign"])
def test_those_are_told_who_said_they_work_there(house: BroadcastHouse, kind: str) -> None:
    join(house, "ann", LAB)
    join(house, "bob", OFFICE)
    house.say("cat", "hello")
    send(house, LAB, kind)
    assert told(house, ("ann", "bob", "cat", ULR)) == ["ann"]
    assert wording("broadcast.foot-area") in got(house, "ann")[0]


def test_nothing_is_kept_before_they_say_yes(house: BroadcastHouse) -> None:
    (said,) = house.command("ann", "start", f"{LINK}{LAB}")
    assert "Site A > Lab 2 (Riverside)" in said.replace("\\", "")
    assert house.rows("consent") == []
    house.press("ann", wording("button.no"))
    assert house.rows("consent") == []
    assert offered(house) == []


def test_the_words_of_a_link_do_where_links_carry_nothing(house: BroadcastHouse) -> None:
    house.say("ann", f"open {LINK}{LAB}")
    house.press("ann", wording("button.area-yes"))
    assert [row["purpose"] for row in house.rows("consent")] == [f"{PURPOSE}{LAB}"]


def test_who_agreed_is_not_asked_again(house: BroadcastHouse) -> None:
    join(house, "ann", LAB)
    (said,) = house.command("ann", "start", f"{LINK}{LAB}")
    assert said.startswith(wording("area.agreed", area="").split("**", maxsplit=1)[0])
    assert len(house.rows("consent")) == 1


@pytest.mark.parametrize("count", [1, 4, 5])
def test_of_an_area_no_exact_number_is_said(house: BroadcastHouse, count: int) -> None:
    for number in range(count):
        join(house, f"p{number}", LAB)
    shown = FEW if count < 5 else wording("count.or-more", count=5)
    preview = house.compose(audience=to(LAB))
    assert wording("fate.waiting", count=shown) in preview[1]
    assert wording("broadcast.total", count=shown) in preview[1]
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    house.pass_time(seconds=2)
    report = house.channel.sent[-1].reply.text
    assert wording("fate.sent", count=shown) in report
    for number in range(count):
        assert f"p{number}" not in "".join((*preview, report))


def test_an_area_is_offered_as_soon_as_somebody_works_there(house: BroadcastHouse) -> None:
    assert offered(house) == []
    join(house, "ann", NIGHTS)
    assert offered(house) == [wording("button.bc-audience", name=to(NIGHTS), count=FEW)]


def test_who_works_in_a_part_of_an_area_works_in_it(house: BroadcastHouse) -> None:
    join(house, "ann", NIGHTS)
    join(house, "bob", SITE)
    join(house, "cat", OFFICE)
    send(house, SITE)
    assert told(house, ("ann", "bob", "cat")) == ["ann", "bob"]


def test_an_area_that_was_merged_counts_where_it_went(house: BroadcastHouse) -> None:
    join(house, "ann", OFFICE)
    join(house, "bob", LAB)
    house.do(lambda tx: tx.update("area", {"id": OFFICE}, {"merged_into": LAB}))
    assert len(offered(house)) == 1
    send(house, LAB)
    assert told(house, ("ann", "bob")) == ["ann", "bob"]
    house.command("cat", "start", f"{LINK}{OFFICE}")
    house.press("cat", wording("button.area-yes"))
    agreed = sorted(str(row["purpose"]) for row in house.rows("consent"))
    assert agreed == [f"{PURPOSE}{LAB}", f"{PURPOSE}{LAB}", f"{PURPOSE}{OFFICE}"]


def test_of_an_area_that_is_gone_nobody_is_told(house: BroadcastHouse) -> None:
    join(house, "ann", LAB)
    house.send(audience=to(LAB))
    house.do(lambda tx: tx.update("area", {"id": SITE}, {"is_gone": 1}))
    house.work()
    house.pass_time(seconds=2)
    assert told(house, ["ann"]) == []
    assert offered(house) == []
    assert house.command("bob", "start", f"{LINK}{LAB}") == [wording("area.gone")]


@pytest.mark.parametrize("way", ["stop", "consent"])
def test_who_takes_it_back_is_told_no_more(house: BroadcastHouse, way: str) -> None:
    join(house, "ann", LAB)
    join(house, "bob", LAB)
    (agreed,) = house.command("ann", "consent")
    assert f"{PURPOSE}{LAB}, Site A > Lab 2" in agreed.replace("\\", "")
    house.command("ann", way, f"{PURPOSE}{LAB}" if way == "consent" else "")
    send(house, LAB)
    assert told(house, ("ann", "bob")) == ["bob"]


def test_where_somebody_works_is_gone_with_their_yes(house: BroadcastHouse) -> None:
    join(house, "ann", LAB)
    join(house, "ann", OFFICE)
    join(house, "bob", LAB)
    assert house.command("ann", "consent", f"{PURPOSE}{LAB}") == [wording("consent.withdrawn")]
    left = sorted((str(row["person"]), str(row["purpose"])) for row in house.rows("consent"))
    ann, bob = house.known("ann").person, house.known("bob").person
    assert left == sorted([(ann, f"{PURPOSE}{OFFICE}"), (bob, f"{PURPOSE}{LAB}")])


def test_one_person_in_two_parts_is_told_once(house: BroadcastHouse) -> None:
    join(house, "ann", LAB)
    join(house, "ann", NIGHTS)
    join(house, "bob", NIGHTS)
    send(house, LAB)
    assert [len(got(house, "ann")), len(got(house, "bob"))] == [1, 1]


def test_an_area_of_another_branch_is_none(house: BroadcastHouse) -> None:
    house.do(lambda tx: people.add_branch(tx, BranchId("other"), "O", house.clock.now()))
    house.do(lambda tx: tx.update("area", {"id": LAB}, {"branch": "other"}))
    assert house.command("ann", "start", f"{LINK}{LAB}") == [wording("area.gone")]
    branch = house.known(ULR).branch
    assert house.do(lambda tx: areas.purposes(tx, branch, LAB)).values == ()


def test_nobody_says_where_they_work_where_others_read(house: BroadcastHouse) -> None:
    house.command("ann", "start", f"{LINK}{LAB}", place=Place.GROUP)
    last = house.channel.sent[-1].reply
    assert (last.text, last.opens) == (wording("refused.place"), f"{LINK}{LAB}")
    assert last.options == ()


def test_an_area_that_nobody_works_in_is_refused(house: BroadcastHouse) -> None:
    join(house, "ann", LAB)
    offered(house)
    house.do(lambda tx: tx.delete("consent", {}))
    head = wording("broadcast.to-area", area="")
    label = next(o.label for o in reversed(house.offers(ULR)) if o.label.startswith(head))
    assert house.press(ULR, label) == [wording("broadcast.not-there")]
