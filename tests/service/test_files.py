"""Files that people ask for: made once, sent to their own chat, with their bytes (K2, R44)."""

import asyncio
from datetime import UTC

from bot.engine.effects import MakeFile
from bot.messages import Place
from bot.service import files, people
from bot.service.doing import Doing
from bot.service.files import FileKind, FileMaker, FileRequest, MadeFile
from bot.service.job_runner import Handler, JobRunner
from bot.service.jobs import MAX_TRIES
from bot.service.ports import Tx
from tests.service.houses import House

PICTURE = MadeFile(
    name="map.png",
    media_type="image/png",
    content=b"\x89PNG\0\xff",
    caption="Your map.",
    text_twin="Lab 2: 14.",
)


def ask(house: House, who: str = "ann", **arguments: str) -> None:
    """Somebody asks for a file, in a turn of theirs."""
    house.say(who, "hello")
    known = house.known(who)

    def work(tx: Tx) -> None:
        view = people.view_of(tx, known, Place.PRIVATE, house.clock.fresh())
        doing = Doing(
            tx=tx,
            known=known,
            view=view,
            content=house.content,
            now=house.clock.now(),
            chance=house.clock.fresh,
            channel="test",
        )
        files.ask(doing, MakeFile(kind="map", arguments=arguments), 0)

    house.do(work)


def make(house: House, kind: FileKind) -> None:
    """Do what is due, and deliver it."""
    maker = FileMaker(house.store, house.library, {"map": kind}, house.clock, UTC)
    runner = JobRunner(
        house.store, {files.KIND: Handler(maker.do, maker.lost)}, house.clock, lambda: None
    )
    assert asyncio.run(runner.work_due()) == 1
    house.deliver()


def test_a_file_is_gathered_made_and_sent_with_its_bytes(house: House) -> None:
    seen: list[FileRequest] = []

    def gather(tx: Tx, request: FileRequest) -> int:
        seen.append(request)
        return tx.count("person", {})

    ask(house, area="lab-2")
    make(house, FileKind(gather, lambda people: (PICTURE,) * people))
    sent = house.channel.sent[-1]
    assert (sent.reply.text, sent.place) == ("Your map.", Place.PRIVATE)
    assert sent.reply.attachment is not None
    assert (sent.reply.attachment.name, sent.reply.attachment.text_twin) == (
        "map.png",
        "Lab 2: 14.",
    )
    assert sent.file == PICTURE.content
    assert (seen[0].arguments, seen[0].person) == ({"area": "lab-2"}, house.person("ann"))


def test_what_may_not_be_had_is_said_so(house: House) -> None:
    ask(house)
    make(house, FileKind(lambda tx, request: None, lambda gathered: (PICTURE,)))
    assert house.channel.sent[-1].reply.text == house.content.wording.say("file.gone")
    assert house.rows("file") == []


def test_a_file_that_cannot_be_made_is_owned_up_to(house: House) -> None:
    def make_nothing(gathered: int) -> tuple[MadeFile, ...]:
        raise OSError("no room on the disk")

    ask(house)
    for _ in range(MAX_TRIES):
        assert house.channel.sent[-1].reply.text != house.content.wording.say("file.gone")
        make(house, FileKind(lambda tx, request: 1, make_nothing))
        house.clock.pass_(hours=1)
    assert house.channel.sent[-1].reply.text == house.content.wording.say("file.gone")
    assert house.rows("due_job")[0]["status"] == "failed"


def test_whoever_is_forgotten_meanwhile_is_sent_nothing(house: House) -> None:
    ask(house)
    house.command("ann", "forget")
    house.press("ann", "Yes, delete everything")
    assert house.rows("due_job") == []


def test_a_file_whose_bytes_have_gone_is_still_told_in_words(house: House) -> None:
    ask(house)
    maker = FileMaker(
        house.store,
        house.library,
        {"map": FileKind(lambda tx, request: 1, lambda gathered: (PICTURE,))},
        house.clock,
        UTC,
    )
    runner = JobRunner(
        house.store, {files.KIND: Handler(maker.do, maker.lost)}, house.clock, lambda: None
    )
    asyncio.run(runner.work_due())
    house.do(lambda tx: tx.delete("file", {}))
    house.deliver()
    assert house.channel.sent[-1].file is None
    assert house.channel.sent[-1].reply.text == "Your map."
