"""Broadcasts through the doors of the service: each one once, on time, stopped at once, and counted."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import OutcomeUnknown, Unreachable
from bot.messages import Address, Place, Role, Text
from bot.service import audit, nightly, people
from tests.builders import FixedClock, wording
from tests.service.broadcast_house import ULR, WORDS, BroadcastHouse, Posting
from tests.service.houses import CHANNEL
from tests.service.test_runs import NAMED, begin, flows

REPS = ("rep0", "rep1", "rep2")
SENT = dict.fromkeys(REPS, "sent")


def begins(key: str) -> str:
    """A text up to its first gap."""
    return wording(key, words="{", figures="{", count="{").split("{")[0]


def report_of(house: BroadcastHouse, who: str = ULR) -> str:
    """The last report that somebody got."""
    lead, stopped = begins("broadcast.report"), begins("broadcast.report-halted")
    texts = [s.reply.text for s in house.channel.sent if s.address.id == who]
    return [text for text in texts if text.startswith((lead, stopped))][-1]


def test_everybody_gets_it_once_and_the_author_hears_of_it() -> None:
    house = BroadcastHouse()
    house.send()
    assert house.fates() == {}
    house.work()
    house.pass_time(seconds=2)
    assert house.fates() == SENT
    assert [house.told(who) for who in (*REPS, ULR)] == [1, 1, 1, 0]
    assert wording("broadcast.total", count=3) in report_of(house)
    assert house.broadcast()["status"] == "sent"
    house.pass_time(days=3)
    assert [house.told(who) for who in REPS] == [1, 1, 1]


def test_nothing_leaves_before_the_second_yes() -> None:
    house = BroadcastHouse()
    preview = house.compose()
    assert WORDS.split(".")[0] in preview[0]
    house.pass_time(days=7)
    assert [house.told(who) for who in REPS] == [0, 0, 0]


def test_the_preview_is_the_very_message() -> None:
    house = BroadcastHouse()
    preview = house.compose()
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    got = next(
        s.reply for s in house.channel.sent if s.address.id == "rep0" and "survey" in s.reply.text
    )
    assert preview[0].startswith(got.text)
    assert [option.label for option in got.options] == [wording("button.bc-stop")]


def test_a_test_goes_to_its_author_alone() -> None:
    house = BroadcastHouse()
    house.compose()
    house.press(ULR, wording("button.bc-test"))
    house.work()
    assert house.told(ULR) == 1
    assert [house.told(who) for who in REPS] == [0, 0, 0]


def test_who_said_stop_is_left_out_and_counted() -> None:
    house = BroadcastHouse()
    house.command("rep1", "stop")
    preview = house.compose()
    assert wording("fate.opted-out", count=1) in preview[1]
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    assert house.fates() == SENT | {"rep1": "opted-out"}
    assert house.told("rep1") == 0


def test_a_stop_counts_for_what_waits_already() -> None:
    house = BroadcastHouse()
    house.send()
    house.only_jobs()
    assert house.fates() == dict.fromkeys(REPS, "waiting")
    house.hear("rep0", Text("/stop news"))
    house.work()
    assert house.fates() == SENT | {"rep0": "opted-out"}
    assert house.told("rep0") == 0


def test_the_button_stops_one_topic_and_the_way_back_is_one_tap() -> None:
    house = BroadcastHouse()
    house.send()
    house.work()
    house.press("rep0", wording("button.bc-stop"))
    assert [row["topic"] for row in house.rows("opt_out")] == ["news"]
    house.press("rep0", wording("button.undo-topic"))
    assert house.rows("opt_out") == []


def test_a_campaign_goes_only_to_who_asked_for_it() -> None:
    house = BroadcastHouse()
    house.command("rep2", "optin")
    house.press("rep2", wording("button.campaign"))
    house.press("rep2", wording("button.campaign-yes"))
    house.send(kind="campaign")
    house.work()
    assert house.fates() == {"rep0": "not-agreed", "rep1": "not-agreed", "rep2": "sent"}
    house.command("rep2", "consent", "campaign")
    house.clock.pass_(days=1)
    assert wording("broadcast.nobody") in "".join(
        (
            house.compose(kind="campaign", when="Monday at 9"),
            house.press(ULR, wording("button.bc-confirm")),
        )[1]
    )


def test_a_person_on_two_channels_gets_it_once() -> None:
    house = BroadcastHouse()
    known = house.known("rep0")
    now = house.clock.now()
    second = {"channel": CHANNEL, "account": "second", "branch": "main", "person": known.person}
    house.do(
        lambda tx: tx.insert("identity", {**second, "created_at": int(now.timestamp() * 1e6)})
    )
    house.send()
    house.work()
    assert len(house.rows("delivery")) == 3
    assert house.told("rep0") + house.told("second") == 1


def test_three_a_week_are_enough_whoever_sends_them() -> None:
    house = BroadcastHouse()
    for _ in range(3):
        house.send()
        house.work()
        house.pass_time(seconds=2)
    assert wording("fate.enough", count=3) in house.compose()[1]
    assert wording("broadcast.nobody") in house.press(ULR, wording("button.bc-confirm"))[1]
    house.pass_time(days=7, seconds=1)
    house.send()
    house.work()
    assert [house.told(who) for who in REPS] == [4, 4, 4]


@pytest.mark.parametrize(
    ("error", "fate"), [(Unreachable("gone"), "blocked"), (OutcomeUnknown("cut"), "unknown")]
)
def test_what_did_not_arrive_is_counted_and_never_sent_again(error: Exception, fate: str) -> None:
    house = BroadcastHouse()
    channel = Posting(script={"rep1": [error]})
    channel.sent += house.channel.sent
    house.jobs_of(channel)
    house.send()
    house.work()
    house.pass_time(days=2)
    assert house.fates() == SENT | {"rep1": fate}
    assert channel.tried.count(next(key for key in channel.tried if key.startswith("bc:"))) == 1
    assert house.told("rep1") == 0
    assert wording(f"fate.{fate}", count=1) in report_of(house)
    assert len(house.rows("person")) == 4


def test_who_is_deleted_meanwhile_keeps_nothing_waiting() -> None:
    house = BroadcastHouse()
    house.send()
    house.only_jobs()
    house.hear("rep1", Text("/forget yes"))
    house.work()
    house.pass_time(seconds=2)
    assert house.broadcast()["status"] == "sent"
    assert house.fates() == {"rep0": "sent", "rep2": "sent", "?": "blocked"}


@pytest.mark.parametrize(
    ("late", "status", "told"),
    [
        (timedelta(minutes=1), "sent", 1),
        (timedelta(hours=1, minutes=59), "sent", 1),
        (timedelta(hours=2, minutes=1), "skipped", 0),
        (timedelta(hours=48), "skipped", 0),
    ],
)
def test_after_an_outage_it_is_sent_marked_late_or_skipped(
    late: timedelta, status: str, told: int
) -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    due = datetime(2026, 11, 23, 9, tzinfo=UTC)
    house.clock.time = due + late
    house.work()
    house.pass_time(seconds=2)
    assert house.broadcast()["status"] == status
    assert house.told("rep0") == told
    marked = any(wording("broadcast.late") in s.reply.text for s in house.channel.sent)
    assert marked is (status == "sent" and late > timedelta(minutes=5))
    lead = begins("broadcast.skipped")
    skipped = [s for s in house.channel.sent if s.reply.text.startswith(lead)]
    assert bool(skipped) is (status == "skipped")


def test_of_a_recurring_one_only_the_latest_goes_out_after_an_outage() -> None:
    house = BroadcastHouse()
    house.send(when="weekdays at 9")
    house.clock.time = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    house.work()
    house.pass_time(seconds=2)
    assert [house.told(who) for who in REPS] == [1, 1, 1]
    assert house.broadcast()["status"] == "scheduled"
    house.clock.time -= timedelta(hours=1)
    house.work()
    assert house.told("rep0") == 1
    house.clock.time = datetime(2026, 11, 26, 9, 0, 1, tzinfo=UTC)
    house.work()
    assert house.told("rep0") == 2


def test_halt_stops_it_and_the_report_adds_up() -> None:
    house = BroadcastHouse(people=40)
    house.send()

    house.only_jobs()
    house.hear(ULR, Text("/halt"))
    house.work()
    house.pass_time(seconds=2)
    assert house.broadcast()["status"] == "halted"
    assert set(house.fates().values()) == {"halted"}
    assert wording("broadcast.total", count=40) in report_of(house)
    assert sum(house.told(f"rep{n}") for n in range(40)) == 0


def test_a_large_one_can_be_undone_for_a_minute() -> None:
    house = BroadcastHouse(people=60)
    house.send()
    house.pass_time(seconds=50)
    assert house.rows("delivery") == []
    house.press(ULR, wording("button.bc-undo"))
    house.pass_time(minutes=5)
    assert house.rows("delivery") == []
    assert house.broadcast()["status"] == "draft"


def two_ulrs(people: int = 3) -> BroadcastHouse:
    house = BroadcastHouse(people)
    house.say("vera", "hello")
    house.grant("vera", Role.ULR)
    return house


def test_to_everybody_a_second_ulr_agrees_to_exactly_this_text() -> None:
    house = two_ulrs()
    house.compose(audience="everybody")
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    house.pass_time(hours=1)
    assert house.rows("delivery") == []
    house.press("vera", wording("button.bc-look"))
    house.press("vera", wording("button.bc-approve"))
    house.pass_time(seconds=61)
    assert house.told("rep0") == 1
    assert [row["what"] for row in house.rows("audit")][-2:] == [
        "broadcast.ask",
        "broadcast.approve",
    ]


def test_an_agreement_to_another_text_is_none() -> None:
    house = two_ulrs()
    house.compose(audience="everybody")
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    house.press("vera", wording("button.bc-look"))
    agree = house.option("vera", wording("button.bc-approve"))
    house.do(
        lambda tx: tx.update("broadcast", {}, {"texts": '{"en": "Other words."}', "hash": "x"})
    )
    house.press("vera", agree.label)
    house.pass_time(hours=1)
    assert house.rows("delivery") == []
    assert house.broadcast()["status"] == "awaiting"


def test_nobody_agrees_to_their_own_text() -> None:
    house = two_ulrs()
    house.compose(audience="everybody")
    house.press(ULR, wording("button.bc-ask-second"))
    house.press(ULR, wording("button.bc-show"))
    assert wording("button.bc-approve") not in {option.label for option in house.offers(ULR)}


def test_a_group_is_added_by_who_may_post_there_and_by_nobody_else() -> None:
    house = BroadcastHouse()
    house.say("guest", "hello")
    house.grant("guest", Role.ULR)
    house.command("guest", "destination", "add Lab 2", place=Place.GROUP)
    house.work()
    assert house.rows("destination") == []
    house.command(ULR, "destination", "add Lab 2", place=Place.GROUP)
    house.work()
    assert [row["address"] for row in house.rows("destination")] == ["group-1"]
    house.send(audience="the group Lab 2")
    house.work()
    posts = [s for s in house.channel.sent if s.place is Place.GROUP and "survey" in s.reply.text]
    assert [(s.address.id, s.reply.personal, s.reply.options) for s in posts] == [
        ("group-1", False, ())
    ]
    house.pass_time(seconds=2)
    assert wording("broadcast.total", count=1) in report_of(house)


def test_only_roles_on_the_list_of_a_place_may_send_there() -> None:
    house = BroadcastHouse()
    house.command(ULR, "destination", "add Lab 2", place=Place.GROUP)
    house.work()
    house.do(lambda tx: tx.delete("destination_role", {"role": "ulr"}))
    house.command(ULR, "broadcast", "new")
    house.press(ULR, wording("button.bc-own"))
    house.say(ULR, WORDS)
    house.press(ULR, wording("button.bc-service"))
    assert not any("Lab 2" in option.label for option in house.offers(ULR))


def test_the_audit_log_shows_what_was_done_and_whether_it_was_touched() -> None:
    house = BroadcastHouse()
    house.send()
    house.work()
    house.pass_time(seconds=2)
    whats = [str(row["what"]) for row in house.rows("audit")]
    assert whats == ["broadcast.schedule", "broadcast.sent"]
    assert house.do(audit.tampered) is None
    line = house.rows("audit")[0]["id"]
    house.do(lambda tx: tx.update("audit", {"id": line}, {"detail": "nothing"}))
    assert house.do(audit.tampered) == line


def test_a_line_that_was_taken_out_or_put_in_is_found() -> None:
    house = BroadcastHouse()
    for _ in range(2):
        house.send()
        house.work()
        house.pass_time(seconds=2)
    lines = [str(row["id"]) for row in house.rows("audit")]
    copy = house.rows("audit")[1]
    house.do(lambda tx: tx.delete("audit", {"id": lines[1]}))
    assert house.do(audit.tampered) == lines[1]
    house.do(lambda tx: tx.insert("audit", copy))
    assert house.do(audit.tampered) is None
    house.do(lambda tx: tx.insert("audit", {**copy, "id": "put-in"}))
    assert house.do(audit.tampered) == "put-in"


def test_a_time_in_the_night_waits_for_the_morning_unless_there_is_a_reason() -> None:
    night = FixedClock(datetime(2026, 11, 21, 22, tzinfo=UTC))
    house = BroadcastHouse(clock=night)
    preview = house.compose()
    assert "Monday 23 November 2026 at 08:00 (GMT)" in preview[1]
    house.press(ULR, wording("button.bc-urgent"))
    house.say(ULR, "The site is closed tomorrow.")
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    assert house.told("rep0") == 1
    assert house.broadcast()["urgent"] == "The site is closed tomorrow."


def test_one_that_is_planned_can_be_paused_changed_and_cancelled() -> None:
    house = two_ulrs()
    house.send(when="Monday at 9")
    house.press(ULR, wording("button.bc-show"))
    house.press(ULR, wording("button.bc-do-pause"))
    house.pass_time(days=3)
    assert house.rows("delivery") == []
    assert house.broadcast()["status"] == "paused"
    house.command("vera", "broadcast")
    house.press("vera", wording("button.bc-list"))
    house.press("vera", wording("button.bc-number", number=1))
    house.press("vera", wording("button.bc-do-cancel"))
    assert house.broadcast()["status"] == "cancelled"


def address(account: str) -> Address:
    return Address(CHANNEL, account)


def test_a_role_that_was_taken_away_counts_at_once() -> None:
    house = BroadcastHouse()
    house.compose()
    person = house.person(ULR)
    house.do(lambda tx: tx.delete("role", {"person": person}))
    assert house.press(ULR, wording("button.bc-confirm")) == [wording("refused.role")]
    assert house.broadcast()["branch"] == people.DEFAULT_BRANCH


def test_somebody_in_the_middle_of_a_survey_is_left_in_peace_for_a_while() -> None:
    house = BroadcastHouse(flows=flows(NAMED))
    begin(house, "rep0", "Named things")
    house.send()
    house.work()
    assert [house.told(who) for who in REPS] == [0, 1, 1]
    house.pass_time(minutes=14)
    assert house.told("rep0") == 0
    house.pass_time(minutes=2)
    assert house.told("rep0") == 1
    got = house.channel.sent[-1].reply
    assert wording("broadcast.still-asking") in got.text
    assert wording("button.bc-back") in {option.label for option in got.options}


def test_a_gap_in_a_survey_lets_it_through_at_once() -> None:
    house = BroadcastHouse(flows=flows(NAMED))
    begin(house, "rep0", "Named things")
    house.send()
    house.work()
    assert house.told("rep0") == 0
    house.say("rep0", "pause")
    house.work()
    assert house.told("rep0") == 1


def test_who_began_and_did_not_finish_can_be_reminded() -> None:
    house = BroadcastHouse(flows=flows(NAMED))
    begin(house, "rep2", "Named things")
    house.say("rep2", "pause")
    house.compose(audience="began and did not finish")
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    assert house.fates() == {"rep2": "sent"}


def test_union_learning_reps_hear_of_their_week_on_monday_and_can_stop_that() -> None:
    house = BroadcastHouse()
    nightly.run(house.store, house.content, house.clock, house.clock.now())
    house.work()
    gaps = dict.fromkeys(("waiting", "misses", "top", "stale", "begun", "finished", "stuck"), 0)
    title = wording("digest", sent=0, **gaps).splitlines()[0]

    def digests() -> int:
        return sum(s.reply.text.startswith(title) for s in house.channel.sent)

    assert digests() == 0
    house.clock.time = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)
    house.work()
    assert digests() == 1
    house.press(ULR, wording("button.bc-stop"))
    house.pass_time(days=7)
    assert digests() == 1
