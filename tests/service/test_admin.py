"""Commands of whoever runs the bot: done once, audited, refused in words that help."""

import pytest

from bot.errors import Refused
from bot.service.admin import ORDERS, Admin
from tests.service.houses import CHANNEL, House

COST = "How much does registration cost?"


@pytest.fixture
def admin(house: House) -> Admin:
    return Admin(house.store, house.content, house.clock)


def test_a_branch_is_added_once_and_listed(house: House, admin: Admin) -> None:
    assert (
        admin.do("branch-add", {"id": "leeds-2", "name": "Leeds"})
        == "Added the branch Leeds (leeds-2)."
    )
    assert [line.split()[0] for line in admin.do("branch-list", {}).splitlines()] == [
        "leeds-2",
        "main",
    ]
    with pytest.raises(Refused, match="already"):
        admin.do("branch-add", {"id": "leeds-2", "name": "Again"})
    assert [row["what"] for row in house.rows("audit")] == ["branch.added"]


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("fly", {}, "no command `fly`"),
        ("branch-add", {"id": "Leeds!", "name": "Leeds"}, "lower-case words with hyphens"),
        ("branch-add", {"id": "leeds", "name": "  "}, "needs a name"),
        ("branch-add", {"id": "leeds"}, "needs `name`"),
        ("invite", {"branch": "nowhere", "role": "rep"}, "There is: main"),
        ("invite", {"branch": "main", "role": "queen"}, "A role is one of: member, rep"),
        ("invite", {"branch": "main"}, "needs `role`"),
        ("erase", {"channel": CHANNEL, "account": "nobody"}, "Nobody with this account"),
        ("erase-preview", {"channel": "x", "account": "nobody"}, "Nobody with this account"),
        ("erase", {"channel": CHANNEL}, "needs `account`"),
        ("surveys", {"branch": "nowhere"}, "no branch"),
        ("survey-close", {"id": "s0"}, "There is no survey `s0`"),
        ("survey-results", {"id": "s0"}, "has no results"),
    ],
)
def test_what_may_not_be_done_is_refused_and_changes_nothing(
    house: House, admin: Admin, name: str, arguments: dict[str, str], says: str
) -> None:
    before = house.everything()
    with pytest.raises(Refused, match=says):
        admin.do(name, arguments)
    assert house.everything() == before


def test_every_order_is_known(admin: Admin) -> None:
    assert sorted(ORDERS) == [
        "audit-check", "branch-add", "branch-list", "erase", "erase-preview", "incident",
        "incident-accounts", "invite", "map-export", "map-import", "map-list", "map-show", "map-try",
        "misses", "misses-mark", "survey-close", "survey-funnel", "survey-results", "surveys",
    ]  # fmt: skip


def test_somebody_is_erased_by_their_account(house: House, admin: Admin) -> None:
    house.say("ann", COST)
    house.say("ben", COST)
    person = house.person("ann")
    account = {"channel": CHANNEL, "account": "ann"}
    assert "- Your chat accounts: 1" in admin.do("erase-preview", account)
    assert "Deleted" in admin.do("erase", account)
    assert person not in repr(house.everything())
    assert [row["account"] for row in house.rows("identity")] == ["ben"]
    (line,) = house.rows("audit")
    assert (line["who"], line["what"]) == ("console", "person.forgotten")
    assert len(house.rows("tombstone")) == 1
