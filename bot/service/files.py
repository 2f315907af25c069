"""Files that people ask for: gathered from the store, made outside any transaction, sent as replies.

What makes a file may be slow and needs libraries that this floor does not know, so it is plugged in by
kind. The row with its bytes and the reply that carries it are written together.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final

from bot.engine.effects import MakeFile
from bot.knowledge.content import Content
from bot.messages import (
    Attachment,
    BranchId,
    PersonId,
    Place,
    Reply,
    ReplyKind,
)
from bot.service import jobs, outbox, people
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.job_runner import Finish
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.outbox import Target
from bot.service.ports import Clock, Row, Store, Tx

KIND: Final = "make-file"  # of the jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that was made.

    Attributes:
        name: What it is called when it is saved.
        media_type: For example `image/png`.
        content: Its bytes.
        caption: Light Markdown that is said with it.
        text_twin: What a picture shows, in words; empty where the caption says it.
        is_fleeting: Whether nothing of it may be kept after it was sent.
    """

    name: str
    media_type: str
    content: bytes
    caption: str
    text_twin: str = ""
    is_fleeting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRequest:
    """What somebody asked for, and all that may be known while it is gathered."""

    arguments: Mapping[str, str]
    person: PersonId
    branch: BranchId
    language: str
    content: Content
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class FileKind:
    """How one kind of file comes about.

    Attributes:
        gather: Reads what goes into it; None where this person may not have it, or it has gone.
            Rights are checked here again: they may have changed since it was asked for.
        make: Makes it; slow, and without the store.
    """

    gather: Callable[[Tx, FileRequest], Any]
    make: Callable[[Any], Sequence[MadeFile]]


def ask(doing: Doing, effect: MakeFile, number: int) -> None:
    """Have a file made and sent to whoever's turn it is, to their own chat."""
    job = Job(
        kind=KIND,
        subject=f"{doing.view.fresh}-{number}",
        branch=doing.known.branch,
        person=doing.known.person,
        due_at=doing.now,
        payload={**effect.arguments, "kind": effect.kind, "channel": doing.channel},
    )
    jobs.schedule(doing.tx, job, doing.now)


class FileMaker:
    """Does the jobs that make files.

    Args:
        store: What they are gathered from.
        library: The words said with them.
        kinds: How each kind comes about.
        clock: Chance for ids.
        zone: Whose dates they say.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        kinds: Mapping[str, FileKind],
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._store = store
        self._library = library
        self._kinds = kinds
        self._clock = clock
        self._zone = zone

    def do(self, job: Job, now: datetime) -> Finish:
        """Make what is asked for; what it returns sends it."""
        if job.person is None:
            raise ValueError("a file is asked for by a person")
        arguments = dict(job.payload)
        kind = self._kinds[arguments.pop("kind")]
        channel = arguments.pop("channel")
        content = self._library.edition.content
        language = self._store.submit(partial(people.language_of, person=job.person)).result()
        request = FileRequest(
            arguments=arguments,
            person=job.person,
            branch=job.branch,
            language=language,
            content=content,
            now=now,
            zone=self._zone,
        )
        gathered = self._store.submit(lambda tx: kind.gather(tx, request)).result()
        made = () if gathered is None else tuple(kind.make(gathered))
        sorry = content.wording.say("file.gone", language)
        return partial(self._send, job=job, channel=channel, made=made, sorry=sorry, now=now)

    def lost(self, job: Job, now: datetime) -> Finish:
        """It could not be made: what to write says so to whoever waits for it."""
        return partial(self._say_lost, job=job, now=now)

    def _say_lost(self, tx: Tx, job: Job, now: datetime) -> None:
        if job.person is None:
            return
        language = people.language_of(tx, job.person)
        sorry = self._library.edition.content.wording.say("file.gone", language)
        channel = job.payload.get("channel", "")
        self._send(tx, job=job, channel=channel, made=(), sorry=sorry, now=now)

    def _send(
        self,
        tx: Tx,
        *,
        job: Job,
        channel: str,
        made: Sequence[MadeFile],
        sorry: str,
        now: datetime,
    ) -> None:
        address = people.private_address(tx, job.person, channel) if job.person else None
        if address is None:
            return  # they were forgotten meanwhile
        fresh = self._clock.fresh()
        replies = [
            _kept(tx, job, file, f"{fresh}-{number}", now) for number, file in enumerate(made)
        ]
        if not replies:
            replies = [Reply(text=sorry, kind=ReplyKind.NOTICE, personal=True)]
        keeps = not any(file.is_fleeting for file in made)
        target = Target(
            branch=job.branch,
            person=job.person if keeps else None,
            address=address,
            place=Place.PRIVATE,
        )
        outbox.queue(tx, target, replies, f"file:{fresh}", now)


def keep_upload(doing: Doing, file_id: str, name: str, content: bytes) -> None:
    """Keep a file that somebody sent, until they have said what is to become of it."""
    row: Row = {
        "id": file_id,
        "branch": doing.known.branch,
        "person": doing.known.person,
        "name": name,
        "media_type": "application/octet-stream",
        "content": base64.b64encode(content).decode("ascii"),
        "made_at": micros(doing.now),
    }
    doing.tx.insert("file", row)


def content_of(tx: Tx, file: str) -> bytes | None:
    """The bytes of a file; None where it has gone."""
    row = tx.get("file", {"id": file})
    return None if row is None else base64.b64decode(str(row["content"]))


def _kept(tx: Tx, job: Job, file: MadeFile, file_id: str, now: datetime) -> Reply:
    """Keep a file's bytes; returns the reply that carries it."""
    tx.insert(
        "file",
        {
            "id": file_id,
            "branch": job.branch,
            "person": job.person,
            "name": file.name,
            "media_type": file.media_type,
            "content": base64.b64encode(file.content).decode("ascii"),
            "made_at": micros(now),
        },
    )
    attachment = Attachment(
        file=file_id, name=file.name, media_type=file.media_type, text_twin=file.text_twin
    )
    return Reply(text=file.caption, kind=ReplyKind.NOTICE, personal=True, attachment=attachment)
