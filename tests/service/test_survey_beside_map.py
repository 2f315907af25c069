"""A survey beside the map of its workplace: how many of those who were mapped answered."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.mapping.recording import record
from bot.mapping.workplace import WorkMap, Workplace, WorkplaceId
from bot.messages import BranchId
from bot.results.keeping import parse_release
from bot.results.published import Release
from bot.service import maps, people, surveys
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.mapping.maps import note, stamp
from tests.service.houses import House
from tests.service.test_open_surveys import BEGIN, answer, made, opened, survey_of


def mapped(
    house: House, name: str, *counts: int, branch: BranchId = people.DEFAULT_BRANCH
) -> None:
    """A map with so many technicians in each of its areas."""
    empty = WorkMap(workplace=Workplace(WorkplaceId(f"w-{name}-{branch}"), name))
    notes = [note(f"Area {at}", count) for at, count in enumerate(counts)]
    recorded, now = record(empty, notes, stamp(seed=f"{name}{branch}")), house.clock.now()
    house.do(lambda tx: maps.write(tx, branch, recorded, "test", None, now))


def closed(house: House) -> Release:
    """What is released after six have answered."""
    for number in range(6):
        answer(house, f"p{number}", "no", "yes")
    survey, now = survey_of(house), house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))
    return parse_release(house.do(lambda tx: surveys.released(tx, survey)))


def test_a_survey_says_how_many_of_those_on_the_map_answered() -> None:
    house = opened(MemoryStore())
    mapped(house, "the  DEPOT", 14, 10)
    release = closed(house)
    assert (release.mapped, release.response) == (24, 25)
    mapped(house, "Another", 30)
    house.command("rita", "results")
    (text,) = house.press("rita", "The depot: Asked survey")
    said = wording("results.mapped", mapped=24, share=25)
    assert said in text
    report = made(house, "button.survey-report")["report.html"].content.decode()
    assert said in report
    book = load_workbook(BytesIO(made(house, "button.survey-workbook")["results.xlsx"].content))
    assert said in [cell.value for sheet in book for row in sheet.rows for cell in row]


@pytest.mark.parametrize(
    ("name", "counts", "branch"),
    [
        ("The yard", (24,), "main"),  # another workplace
        ("The depot", (3, 1), "main"),  # too few to be told
        ("The depot", (24,), "north"),  # of another branch
    ],
)
def test_it_says_nothing_of_a_map_that_is_not_its_own_or_small(
    name: str, counts: tuple[int, ...], branch: str
) -> None:
    house = opened(MemoryStore())
    north = BranchId("north")
    house.do(lambda tx: people.add_branch(tx, north, "North", house.clock.now()))
    mapped(house, name, *counts, branch=north if branch == "north" else people.DEFAULT_BRANCH)
    release = closed(house)
    assert (release.mapped, release.response) == (None, None)
    house.command("rita", "results")
    assert "map" not in "".join(house.press("rita", "The depot: Asked survey"))


def test_more_returns_than_technicians_on_the_map_are_no_share() -> None:
    house = opened(MemoryStore())
    mapped(house, "The depot", 5)
    release = closed(house)
    assert (release.mapped, release.response) == (5, None)
    house.command("rita", "results")
    text = "".join(house.press("rita", "The depot: Asked survey"))
    assert wording("results.mapped-over", mapped=5) in text


def test_who_opens_a_survey_is_offered_the_workplaces_of_the_branch_each_once() -> None:
    house = opened(MemoryStore())
    north = BranchId("north")
    house.do(lambda tx: people.add_branch(tx, north, "North", house.clock.now()))
    for name, branch in (("the  DEPOT", None), ("The yard", None), ("Far away", north)):
        mapped(house, name, 14, branch=branch or people.DEFAULT_BRANCH)
    house.command("rita", "surveys")
    house.press("rita", wording("button.survey-new"))
    house.press("rita", BEGIN)
    labels = [one.label for one in house.channel.sent[-1].reply.options]
    assert labels[:2] == ["The depot", "The yard"]
    assert not {"the  DEPOT", "Far away", "Area 0"} & set(labels)
