"""`pathways doctor` as an admin meets it: each thing that is wrong before a start, and what to do."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bot.channels.slack.checking import look as look_at_slack
from bot.channels.slack.options import Options
from bot.cli import doctor_machine
from bot.cli.doctor_machine import folders, listening
from bot.service.clock import SystemClock
from bot.settings import Settings
from bot.storage import postgres_checking, postgres_connection
from bot.storage.postgres_checking import is_up_to_date, look
from tests.builders import NOON
from tests.channels.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.cli.conftest import Run
from tests.postgres.server import emptied, new_database

FRESH = {"DATABASE_URL": "sqlite:///fresh.db"}
BROKEN_FLOW = "id: [\n"


@pytest.mark.parametrize(
    ("place", "why"), [("/proc/nothing", "No such file"), ("file", "it is no folder")]
)
@pytest.mark.parametrize("name", ["database", "backup"])
def test_a_folder_where_nothing_can_be_written(
    run: Run, home: Path, name: str, place: str, why: str
) -> None:
    (home / "file").write_text("")
    where = {
        "database": {"DATABASE_URL": f"sqlite:///{place}/a.db"},
        "backup": {**FRESH, "BACKUP_FOLDER": place, "BACKUP_RECIPIENT": "plain"},
    }[name]
    ended = run("doctor", settings=where)
    assert ended.status in {3, 4}
    setting = {"database": "PATHWAYS_DATABASE_URL", "backup": "PATHWAYS_BACKUP_FOLDER"}[name]
    assert f"wrong      {setting}: nothing can be written to" in ended.out
    assert why in ended.out


def test_a_folder_that_will_be_made_is_well_and_is_not_made(run: Run, home: Path) -> None:
    ended = run("doctor", settings={"DATABASE_URL": "sqlite:///a/b/c.db"})
    assert ended.status == 0
    assert not (home / "a").exists()


def test_a_cache_that_cannot_be_kept_is_slow_and_no_more(home: Path) -> None:
    settings = Settings.model_validate(
        {"cache": "/proc/nothing", "database_url": "sqlite:///a.db"}
    )
    said = [what for mark, what, _ in folders(settings) if mark == "take care"]
    assert len(said) == 1
    assert "PATHWAYS_CACHE" in said[0]
    assert "each start takes longer" in said[0]


def test_a_disk_that_is_nearly_full(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "DISK_FREE", 10**18)
    settings = Settings.model_validate(
        {"database_url": "sqlite:///a.db", "backup_folder": str(home / "backups")}
    )
    said = [what for mark, what, _ in folders(settings) if mark == "take care"]
    assert [("Make room" in what, what.split(".")[-3][-9:]) for what in said] == [
        (True, " database"),
        (True, "e backups"),
    ]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens, which is no web server."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def said_of(address: str) -> tuple[str, str]:
    ((mark, what, _),) = listening(Settings.model_validate({"listen": address}))
    return mark, what


def test_a_port_that_another_program_has(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "ANSWER_S", 0.05)
    mark, what = said_of(f"127.0.0.1:{taken}")
    assert mark == "wrong"
    assert "is taken by another program. Stop that, or set another port." in what


@pytest.mark.parametrize("address", ["192.0.2.1:8080", "no-such-host.invalid:8080"])
def test_an_address_of_another_machine(address: str) -> None:
    mark, what = said_of(address)
    assert mark == "wrong"
    assert f"PATHWAYS_LISTEN: {address} is no address of this machine" in what


def test_a_free_port_and_no_port_at_all() -> None:
    assert said_of("127.0.0.1:0")[0] == "ok"
    assert list(listening(Settings.model_validate({"listen": ""}))) == []


def test_a_flow_that_is_broken_is_found_before_the_start(run: Run, lite: Path) -> None:
    (lite / "flows").mkdir()
    (lite / "flows" / "mine.yaml").write_text(BROKEN_FLOW)
    ended = run("doctor", settings={**FRESH, "KNOWLEDGE": str(lite)})
    assert ended.status == 1
    assert "wrong      PATHWAYS_KNOWLEDGE: mine.yaml:" in ended.out


def test_where_it_connects_to_is_listed(run: Run) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:9/api"}
    said = run("doctor", settings={**FRESH, **slack}).out
    assert "`pathways run` connects to 127.0.0.1:9, *.slack.com:443, and to nothing else." in said
    assert "connects to" not in run("doctor", settings=FRESH).out


@pytest.mark.parametrize(
    ("bot", "app", "said"),
    [
        ("123456789:AAF-canary", "", "PATHWAYS_SLACK_BOT_TOKEN holds a token of Telegram"),
        ("xapp-1-canary", "", "PATHWAYS_SLACK_BOT_TOKEN should begin with xoxb-"),
        ("xoxp-1-canary", "", "PATHWAYS_SLACK_BOT_TOKEN should begin with xoxb-"),
        ("xoxb-1", "xoxb-1-canary", "PATHWAYS_SLACK_APP_TOKEN should begin with xapp-"),
    ],
)
def test_tokens_of_slack_that_were_mixed_up(bot: str, app: str, said: str) -> None:
    found = look_at_slack(Options(bot_token=bot, app_token=app), SystemClock().now)
    assert [one.is_well for one in found] == [False]
    assert said in found[0].what
    assert "canary" not in found[0].what


def test_slack_that_cannot_be_reached_says_where_to_look() -> None:
    options = Options(bot_token="xoxb-1", api_url="http://127.0.0.1:9/api/")  # noqa: S106
    (found,) = look_at_slack(options, SystemClock().now)
    assert found.is_well is None
    assert "PATHWAYS_SLACK_PROXY" in found.what


@pytest.mark.parametrize(("off_s", "is_well"), [(0, True), (60, None), (-400, False)])
async def test_a_clock_that_slack_does_not_share(off_s: int, is_well: bool | None) -> None:
    fake = FakeSlack()
    await fake.start()
    options = Options(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=fake.api_url)
    clock = SystemClock(timedelta(seconds=off_s))
    found = await asyncio.to_thread(look_at_slack, options, clock.now)
    await fake.stop()
    assert [one.is_well for one in found if "clock" in one.what.lower()] == [is_well]


def seen(url: str) -> str:
    """What is said of a database, each line with its mark."""
    marks = {True: "ok", False: "wrong", None: "take care"}
    return "\n".join(f"{marks[one.is_well]}: {one.what}" for one in look(url, SystemClock().now))


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_a_postgresql_that_is_well_is_not_changed_by_a_look(run: Run) -> None:
    url = new_database("doctor_empty")
    ended = run("doctor", settings={"DATABASE_URL": url})
    assert ended.status == 0
    assert "It is empty. Its tables are made at the first start." in ended.out
    assert not is_up_to_date(url), "nobody has made them"
    assert "Its tables are up to date." in seen(emptied())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"host": "127.0.0.1", "port": "9"}, "cannot be reached. See that the address is right"),
        ({"host": "no-such.invalid"}, "cannot be reached. See that the address is right"),
        ({"dbname": "nothere"}, "does not exist, or its user does not. Create it first."),
        ({"user": "nobodyhere"}, "does not exist, or its user does not. Create it first."),
        ({"sslmode": "require", "host": "127.0.0.1"}, "does not speak TLS as its address asks"),
    ],
)
def test_a_postgresql_that_does_not_let_us_in(changes: dict[str, str], said: str) -> None:
    found = seen(make_conninfo(emptied(), **changes))
    assert found.startswith("wrong: ")
    assert said in found
    assert len(found.splitlines()) == 1


REFUSED = [
    ('FATAL:  password authentication failed for user "p"', "Check the user and the password."),
    (
        'FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "p"',
        "Add a line to its pg_hba.conf",
    ),
    ("FATAL:  sorry, too many clients already", "Raise max_connections"),
]


@pytest.mark.parametrize(("answer", "said"), REFUSED)
def test_what_a_server_refuses_with_says_what_to_do(
    answer: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError(answer)

    monkeypatch.setattr(psycopg, "connect", refuse)
    assert said in seen("postgresql://pathways@db.example/pathways")


def test_a_database_that_takes_no_changes() -> None:
    url = new_database("doctor_frozen")
    do(url, "ALTER DATABASE doctor_frozen SET default_transaction_read_only = on")
    assert "takes no changes (default_transaction_read_only is on). Turn that off" in seen(url)
    assert not is_up_to_date(url)


def test_a_standby(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_checking, "WRITING", "SELECT true, 'on'")
    assert "is a standby: it only follows another server. Name that one" in seen(emptied())


def test_a_user_who_may_make_no_tables_hears_how_and_nothing_in_circles() -> None:
    url = new_database("doctor_rights")
    do(url, "DROP ROLE IF EXISTS doctor_ann", "CREATE ROLE doctor_ann LOGIN")
    do(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    found = seen(make_conninfo(url, user="doctor_ann"))
    assert 'Run `GRANT CREATE ON SCHEMA public TO "doctor_ann";` there.' in found
    assert "pathways doctor" not in found


def test_a_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connection, "OLDEST", 990_000)
    assert "is too old. Pathways needs PostgreSQL 99 or newer." in seen(emptied())


def test_a_database_of_another_program() -> None:
    url = new_database("doctor_theirs")
    do(url, "CREATE TABLE outbox (x int)")
    assert "belongs to another program. Use an empty database." in seen(url)


def test_a_clock_that_the_server_does_not_share() -> None:
    found = list(look(emptied(), lambda: NOON.replace(year=2020)))
    assert any(one.is_well is None and "s behind that of" in one.what for one in found)
