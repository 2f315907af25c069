"""What every store does with rows: the same, whichever it is."""

import pytest

from bot.service.ports import AtLeast, AtMost, OneOf, Row, Store, Where
from tests.contracts.stores import (
    add,
    both,
    branch,
    do,
    everything,
    inserting,
    invite,
    miss,
    miss_ids,
    person,
    refused,
    rows_of,
    vote,
)

BIG = 10**15


class TestInsert:
    def test_a_row_comes_back_whole(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "person", person("p", audience="rep"))
        assert rows_of(store, "person") == [person("p", audience="rep")]

    def test_columns_come_back_in_the_order_they_are_declared(self, store: Store) -> None:
        add(store, "branch", dict(reversed(list(branch("b").items()))))
        (row,) = rows_of(store, "branch")
        assert list(row) == ["id", "name", "created_at"]

    def test_optional_columns_may_be_left_out_and_come_back_empty(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "person", person("p"))
        assert rows_of(store, "person")[0]["audience"] is None

    def test_optional_columns_may_be_empty(self, store: Store) -> None:
        add(store, "miss", miss("m", chosen=None))
        assert rows_of(store, "miss")[0]["chosen"] is None

    @pytest.mark.parametrize(
        ("table", "row"),
        [
            pytest.param("nobody", branch("b"), id="unknown table"),
            pytest.param("branch", branch("b", town="York"), id="unknown column"),
            pytest.param("branch", {"id": "b", "created_at": 1}, id="required one left out"),
            pytest.param("branch", {}, id="nothing"),
            pytest.param("branch", branch("b", name=None), id="required one empty"),
            pytest.param("branch", {**branch("b"), "id": None}, id="empty key"),
            pytest.param("branch", branch("b", name=5), id="number for text"),
            pytest.param("branch", branch("b", created_at="5"), id="text for a number"),
            pytest.param("branch", branch("b", created_at=5.0), id="fraction for a whole number"),
            pytest.param("branch", branch("b", created_at=2**63), id="65 bits"),
            pytest.param("branch", branch("b", created_at=-(2**63) - 1), id="65 bits, negative"),
            pytest.param("branch", branch("b", name="a\0b"), id="NUL"),
            pytest.param("branch", branch("b", name="\ud83d"), id="half an emoji"),
            pytest.param("branch", branch("b", name=b"bytes"), id="bytes"),  # type: ignore[arg-type] # on purpose
        ],
    )
    def test_what_no_table_holds_is_refused(self, store: Store, table: str, row: Row) -> None:
        refused(store, lambda tx: tx.insert(table, row))
        refused(store, lambda tx: tx.insert_new(table, row))
        assert not any(everything(store).values())

    def test_no_message_repeats_a_value(self, store: Store) -> None:
        add(store, "branch", branch("b", name="secret"))
        add(store, "miss", miss("secret"))
        errors = [
            refused(store, lambda tx: tx.insert("branch", branch("b", name="secret"))),
            refused(store, lambda tx: tx.insert("branch", branch("c", created_at="secret"))),
            refused(store, lambda tx: tx.insert("person", person("p", branch="secret"))),
            refused(store, lambda tx: tx.insert("miss", miss("secret"))),
            refused(store, lambda tx: tx.find("miss", {"at": "secret"})),
        ]
        assert not [error for error in errors if "secret" in str(error)]
        assert all(str(error).endswith(".") for error in errors)

    def test_the_same_key_twice_is_refused(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        refused(store, lambda tx: tx.insert("branch", branch("b", name="Sea")))
        assert rows_of(store, "branch") == [branch("b")]

    def test_half_a_key_may_occur_twice(self, store: Store) -> None:
        add(store, "feedback", vote("p", "a1"), vote("p", "a2"))
        refused(store, inserting("feedback", vote("p", "a1")))
        assert len(rows_of(store, "feedback")) == 2

    def test_a_unique_column_twice_is_refused(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "invite", invite("i"))
        refused(store, lambda tx: tx.insert("invite", invite("j", code_hash="hash of i")))
        assert len(rows_of(store, "invite")) == 1

    def test_a_missing_reference_is_refused(self, store: Store) -> None:
        refused(store, lambda tx: tx.insert("person", person("p")))
        assert rows_of(store, "person") == []

    def test_a_reference_made_in_the_same_work_will_do(self, store: Store) -> None:
        do(store, both(inserting("branch", branch("b")), inserting("person", person("p"))))
        assert rows_of(store, "person")[0]["branch"] == "b"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="empty"),
            pytest.param("\U0001f469\U0001f3fd\u200d\U0001f52c of 1", id="emoji"),
            pytest.param("'; DROP TABLE branch; --", id="SQL"),
            pytest.param('"', id="quote"),
            pytest.param("\u202eright to left\u2028", id="marks"),
            pytest.param("a\nb\t\x01\x7f\\", id="control characters"),
            pytest.param("%_?*", id="wildcards"),
            pytest.param("é" * 5000, id="long"),
        ],
    )
    def test_text_comes_back_as_it_was(self, store: Store, text: str) -> None:
        add(store, "branch", branch("b", name=text))
        found = do(store, lambda tx: tx.find("branch", {"name": text}))
        listed = do(store, lambda tx: tx.find("branch", {"name": OneOf((text, "other"))}))
        assert found == listed == [branch("b", name=text)]

    @pytest.mark.parametrize("number", [0, -1, BIG, -BIG, 2**63 - 1, -(2**63)])
    def test_numbers_come_back_as_they_were(self, store: Store, number: int) -> None:
        add(store, "branch", branch("b", created_at=number))
        found = do(store, lambda tx: tx.find("branch", {"created_at": number}))
        listed = do(store, lambda tx: tx.find("branch", {"created_at": OneOf((number,))}))
        assert found == listed == [branch("b", created_at=number)]

    def test_what_is_more_than_text_or_number_comes_back_plain(self, store: Store) -> None:
        class Name(str):
            __slots__ = ()

        add(store, "branch", branch("b", name=Name("Sea"), created_at=True))
        (row,) = rows_of(store, "branch")
        assert [type(value) for value in row.values()] == [str, str, int]


class TestInsertAll:
    def test_all_rows_are_added(self, store: Store) -> None:
        do(store, lambda tx: tx.insert_all("miss", [miss(f"m{i}") for i in range(300)]))
        assert do(store, lambda tx: tx.count("miss", {})) == 300

    def test_one_that_is_refused_takes_the_others_with_it(self, store: Store) -> None:
        rows = [branch("b"), branch("c"), branch("b")]
        refused(store, lambda tx: tx.insert_all("branch", rows))
        refused(store, lambda tx: tx.insert_all("branch", [branch("d"), {"id": "e"}]))
        refused(store, lambda tx: tx.insert_all("person", [person("p")]))
        assert not any(everything(store).values())

    def test_rows_of_different_columns_are_refused(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        rows = [person("p"), person("q", audience="rep")]
        refused(store, lambda tx: tx.insert_all("person", rows))

    def test_none_is_no_trouble(self, store: Store) -> None:
        do(store, lambda tx: tx.insert_all("branch", []))
        assert rows_of(store, "branch") == []


class TestInsertNew:
    def test_a_new_row_is_added(self, store: Store) -> None:
        assert do(store, lambda tx: tx.insert_new("branch", branch("b"))) is True
        assert rows_of(store, "branch") == [branch("b")]

    def test_a_key_that_stands_changes_nothing(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        assert do(store, lambda tx: tx.insert_new("branch", branch("b", name="Sea"))) is False
        assert rows_of(store, "branch") == [branch("b")]

    def test_a_unique_column_that_stands_changes_nothing(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "invite", invite("i"))
        again = invite("j", code_hash="hash of i")
        assert do(store, lambda tx: tx.insert_new("invite", again)) is False
        assert len(rows_of(store, "invite")) == 1

    def test_the_key_is_looked_at_before_the_reference(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        add(store, "person", person("p"))
        again = person("p", branch="nowhere")
        assert do(store, lambda tx: tx.insert_new("person", again)) is False

    def test_a_missing_reference_is_refused(self, store: Store) -> None:
        refused(store, lambda tx: tx.insert_new("person", person("p")))

    def test_it_works_on_after_a_key_that_stands(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        again = both(
            lambda tx: tx.insert_new("branch", branch("b")), inserting("branch", branch("c"))
        )
        do(store, again)
        assert [row["id"] for row in rows_of(store, "branch")] == ["b", "c"]


class TestGet:
    def test_nothing_is_none(self, store: Store) -> None:
        assert do(store, lambda tx: tx.get("branch", {"id": "b"})) is None

    def test_of_several_the_first_by_key(self, misses: Store) -> None:
        assert do(misses, lambda tx: (tx.get("miss", {"at": 2}) or {})["id"]) == "m2"

    def test_without_conditions_the_first_of_all(self, misses: Store) -> None:
        assert do(misses, lambda tx: (tx.get("miss", {}) or {})["id"]) == "m1"

    def test_changing_what_came_back_changes_nothing(self, store: Store) -> None:
        add(store, "branch", branch("b"))
        row = do(store, lambda tx: tx.get("branch", {"id": "b"}))
        assert isinstance(row, dict)
        row["name"] = "Sea"
        assert rows_of(store, "branch") == [branch("b")]

    def test_changing_what_was_handed_over_changes_nothing(self, store: Store) -> None:
        row = dict(branch("b"))
        add(store, "branch", row)
        row["name"] = "Sea"
        assert rows_of(store, "branch") == [branch("b")]


class TestConditions:
    @pytest.mark.parametrize(
        ("where", "ids"),
        [
            ({}, ["m1", "m2", "m3", "m4"]),
            ({"at": 2}, ["m2", "m3"]),
            ({"id": "m1", "at": 2}, []),
            ({"id": "m2", "at": 2}, ["m2"]),
            ({"branch": "c", "at": 2}, ["m3"]),
            ({"chosen": None}, ["m1", "m3", "m4"]),
            ({"chosen": "x"}, ["m2"]),
            ({"branch": None}, []),
            ({"at": AtMost(2)}, ["m1", "m2", "m3"]),
            ({"at": AtMost(0)}, []),
            ({"at": AtLeast(2)}, ["m2", "m3", "m4"]),
            ({"at": AtLeast(BIG)}, []),
            ({"id": AtMost("m2")}, ["m1", "m2"]),
            ({"id": AtLeast("m4")}, ["m4"]),
            ({"chosen": AtMost("zzz")}, ["m2"]),
            ({"chosen": AtLeast("")}, ["m2"]),
            ({"chosen": AtLeast("y")}, []),
            ({"at": OneOf((1, 3, 3, 99))}, ["m1", "m4"]),
            ({"id": OneOf(("m2", "m4"))}, ["m2", "m4"]),
            ({"chosen": OneOf(("x", "y"))}, ["m2"]),
            ({"at": OneOf(())}, []),
            ({"chosen": OneOf(())}, []),
            ({"words": "IS IT DEAR"}, []),
            ({"words": "is it dear "}, []),
            ({"at": OneOf(tuple(range(2, 40_000)))}, ["m2", "m3", "m4"]),
        ],
    )
    def test_rows_match_when_all_conditions_hold(
        self, misses: Store, where: Where, ids: list[str]
    ) -> None:
        assert miss_ids(misses, where) == ids
        assert do(misses, lambda tx: tx.count("miss", where)) == len(ids)

    @pytest.mark.parametrize(
        "where",
        [
            {"town": "York"},
            {"town": None},
            {"town": OneOf(())},
            {"at": "2"},
            {"at": 2.0},
            {"at": AtMost("2")},
            {"id": OneOf((1,))},
            {"id": 1},
            {"id": "a\0"},
            {"at": 2**63},
        ],
    )
    def test_conditions_that_no_row_could_meet_are_mistakes(
        self, misses: Store, where: Where
    ) -> None:
        refused(misses, lambda tx: tx.get("miss", where))
        refused(misses, lambda tx: tx.find("miss", where))
        refused(misses, lambda tx: tx.count("miss", where))
        refused(misses, lambda tx: tx.update("miss", where, {"status": "x"}))
        refused(misses, lambda tx: tx.delete("miss", where))

    def test_text_is_compared_by_code_point(self, store: Store) -> None:
        names = ["", "B", "a", "b", "é", "\uffff", "👩"]
        add(store, "miss", *(miss(f"m{i}", words=word) for i, word in enumerate(reversed(names))))
        found = [row["words"] for row in rows_of(store, "miss", ("words",))]
        assert found == names == sorted(names)
        high = do(store, lambda tx: tx.count("miss", {"words": AtLeast("é")}))
        assert high == 3


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "ids"),
        [
            ((), ["m1", "m2", "m3", "m4"]),
            (("at",), ["m1", "m2", "m3", "m4"]),
            (("-at",), ["m4", "m2", "m3", "m1"]),
            (("-id",), ["m4", "m3", "m2", "m1"]),
            (("-branch", "-at"), ["m4", "m3", "m2", "m1"]),
            (("branch", "-id"), ["m2", "m1", "m4", "m3"]),
            (("chosen", "-id"), ["m4", "m3", "m1", "m2"]),
            (("-chosen", "id"), ["m2", "m1", "m3", "m4"]),
        ],
    )
    def test_rows_are_sorted(self, misses: Store, order: tuple[str, ...], ids: list[str]) -> None:
        assert miss_ids(misses, {}, order) == ids

    @pytest.mark.parametrize(
        ("limit", "ids"),
        [(0, []), (1, ["m4"]), (3, ["m4", "m2", "m3"]), (2**70, ["m4", "m2", "m3", "m1"])],
    )
    def test_a_limit_cuts_after_sorting(self, misses: Store, limit: int, ids: list[str]) -> None:
        assert miss_ids(misses, {}, ("-at",), limit) == ids

    def test_an_unknown_column_or_a_negative_limit_is_refused(self, misses: Store) -> None:
        refused(misses, lambda tx: tx.find("miss", {}, order=("town",)))
        refused(misses, lambda tx: tx.find("miss", {}, order=("--at",)))
        refused(misses, lambda tx: tx.find("miss", {}, limit=-1))

    def test_whole_keys_of_two_columns_break_ties(self, store: Store) -> None:
        pairs = [("q", "1"), ("p", "2"), ("p", "1")]
        add(store, "feedback", *(vote(who, about) for who, about in pairs))
        found = rows_of(store, "feedback", ("at",))
        assert [(row["person"], row["about"]) for row in found] == sorted(pairs)
