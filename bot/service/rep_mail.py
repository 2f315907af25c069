"""What goes between somebody who asks and a rep: always through the outbox, to a private chat."""

from datetime import datetime, timedelta
from typing import Final

from bot.engine.desk import in_paragraphs
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.knowledge.content import Content
from bot.messages import BranchId, PersonId, Place, ReplyKind, Role, plain
from bot.planning.recipients import ALL
from bot.service import outbox, people, sessions
from bot.service.clock import micros
from bot.service.desks import WAITING
from bot.service.doing import Doing
from bot.service.outbox import Target
from bot.service.ports import AtLeast, OneOf, Row, Tx

CALLED: Final = (Role.REP, Role.ULR)  # who is told of a new question; others see it in the queue
QUIET: Final = timedelta(hours=24)  # a rep is not told again while a younger question waits
MOST_REPS: Final = 50  # told of one question


def tell_reps(doing: Doing, question: Row) -> None:
    """Tell the reps that a question waits, unless they were told of another within a day.

    What is asked back goes to the rep who gave the reply. Whoever said stop is told of nothing.
    """
    tx = doing.tx
    first = _rep_of(tx, question["back_of"])
    since = AtLeast(micros(doing.now - QUIET))
    recent = tx.find(
        "question", {"branch": doing.known.branch, "status": WAITING, "asked_at": since}
    )
    is_told = any(row["id"] != question["id"] for row in recent)
    names = OneOf(tuple(role.value for role in CALLED))
    rows = tx.find("role", {"branch": doing.known.branch, "name": names}, limit=MOST_REPS)
    called = {first} if first else set() if is_told else {str(row["person"]) for row in rows}
    for number, person in enumerate(sorted(called - {doing.known.person})):
        if tx.get("opt_out", {"person": person, "topic": ALL}) is None:
            key = "rep-mail.asked-back" if first else "rep-mail.new"
            _tell(doing, PersonId(person), key, f"told-{number}")


def deliver(doing: Doing, question: Row, take: Row) -> None:
    """Send a rep's reply to whoever asked, in their language, with what they can do then."""
    person = PersonId(str(question["person"]))
    language = people.language_of(doing.tx, person)
    wording = doing.content.wording
    signature = (
        wording.say("rep-reply.signed", language, name=plain(str(take["signed"])))
        if take["signed"]
        else wording.say("rep-reply.unsigned", language)
    )
    text = wording.say(
        "rep-reply",
        language,
        asked=plain(str(question["words"])),
        reply=in_paragraphs(str(take["words"])),
        signature=signature,
    )
    asked = str(question["id"])
    choices = [Choose(wording.say("button.rep-thank", language), Act("rep-thank", (asked,)))]
    if question["back_of"] is None:
        label = wording.say("button.ask-rep-back", language)
        choices.append(Choose(label, Act("ask-rep", ("back", asked))))
    draft = _private(text, *choices)
    _post(doing, person, draft, "reply", str(question["channel"]))


def thank(doing: Doing, question: str) -> None:
    """Tell the rep who replied; where they are forgotten, nobody."""
    if rep := _rep_of(doing.tx, question):
        _tell(doing, PersonId(rep), "rep-mail.thanks", "thanks")


def tell_untaken(tx: Tx, content: Content, question: Row, fresh: str, now: datetime) -> None:
    """Tell whoever asked that nobody has taken the question yet, and who else there is."""
    person = PersonId(str(question["person"]))
    address = people.private_address(tx, person, str(question["channel"]))
    if address is None:
        return
    language = people.language_of(tx, person)
    label = content.wording.say("button.ask-rep-withdraw", language)
    text = content.wording.say("rep-mail.untaken", language)
    draft = _private(text, Choose(label, Act("ask-withdraw", (str(question["id"]),))))
    reply = sessions.show_between_turns(tx, person, draft)
    branch = BranchId(str(question["branch"]))
    target = Target(branch=branch, person=person, address=address, place=Place.PRIVATE)
    outbox.queue(tx, target, (reply,), f"{fresh}:{question['id']}", now)


def _tell(doing: Doing, person: PersonId, key: str, what: str) -> None:
    language = people.language_of(doing.tx, person)
    wording = doing.content.wording
    label = wording.say("button.desk-show", language)
    show = Choose(label, Act("command", ("questions", "")))
    _post(doing, person, _private(wording.say(key, language), show), what)


def _post(doing: Doing, person: PersonId, draft: Draft, what: str, channel: str = "") -> None:
    address = people.private_address(doing.tx, person, channel)
    if address is None:
        return
    reply = sessions.show_between_turns(doing.tx, person, draft)
    target = Target(branch=doing.known.branch, person=person, address=address, place=Place.PRIVATE)
    outbox.queue(doing.tx, target, (reply,), f"{doing.view.fresh}:{what}", doing.now)


def _private(text: str, *choices: Choose) -> Draft:
    return Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)


def _rep_of(tx: Tx, question: object) -> str | None:
    """The rep who took a question, while both are known."""
    take = tx.get("take", {"question": str(question)}) if question else None
    return str(take["person"]) if take else None
