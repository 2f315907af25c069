"""Administrative commands of the command line: the same whether the owner of the store runs or not."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

from bot.engine.effects_reps import Triage
from bot.engine.inbox import STATUSES
from bot.errors import Refused
from bot.knowledge.content import Content
from bot.messages import Address, BranchId, Role
from bot.results.keeping import funnel_text, parse_release, release_text
from bot.service import (
    audit,
    inbox,
    incident,
    invites,
    jobs,
    map_admin,
    nightly,
    people,
    plans,
    privacy,
    survey_funnel,
    survey_jobs,
    survey_rounds,
    surveys,
)
from bot.service.invites import NewInvite
from bot.service.map_files import outside_at
from bot.service.map_text import tree_text
from bot.service.people import Known
from bot.service.ports import Clock, Store, Tx

CONSOLE: Final = "console"  # who did it: somebody at the machine
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")

Order = Callable[["Admin", Tx, Mapping[str, str], datetime], str]


class _Arguments(dict[str, str]):
    """The arguments of a command; one that is missing is refused by its name."""

    def __missing__(self, name: str) -> str:
        raise Refused(f"The command needs `{name}`.")


class Admin:
    """Does one command at a time, each in one transaction.

    Args:
        store: What they act on.
        content: For the retention periods.
        clock: Time, and chance for codes.
    """

    def __init__(self, store: Store, content: Content, clock: Clock) -> None:
        self._store = store
        self._content = content
        self.clock = clock

    def do(self, name: str, arguments: Mapping[str, str]) -> str:
        """Do a command and return the text to print.

        Raises:
            Refused: There is no such command, an argument is wrong, or it may not be done.
            StoreError: It could not be written.
        """
        now = self.clock.now()
        given = _Arguments(arguments)
        if name in LONG_ORDERS:
            return LONG_ORDERS[name](self, given, now)
        order = ORDERS.get(name)
        if order is None:
            raise Refused(f"There is no command `{name}`.")
        said = self._store.submit(lambda tx: order(self, tx, given, now)).result()
        if name in WIPING_ORDERS:
            self._store.checkpoint().result()
        return said

    def _audit_check(self, tx: Tx, _arguments: Mapping[str, str], _now: datetime) -> str:
        return audit.tampered(tx) or ""

    def _branch_add(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        branch, name = BranchId(arguments["id"]), arguments["name"].strip()
        if not _SLUG.match(branch):
            raise Refused("The id of a branch is lower-case words with hyphens, such as leeds-2.")
        if not name:
            raise Refused("A branch needs a name.")
        if not people.add_branch(tx, branch, name, now):
            raise Refused(f"There is a branch `{branch}` already.")
        audit.record(tx, self.clock.fresh(), branch, CONSOLE, "branch.added", branch, now)
        return f"Added the branch {name} ({branch})."

    def _branch_list(self, tx: Tx, _arguments: Mapping[str, str], _now: datetime) -> str:
        rows = tx.find("branch", {})
        return "\n".join(f"{row['id']:20} {row['name']}" for row in rows)

    def _invite(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        branch = BranchId(arguments["branch"])
        if arguments["role"] not in set(Role):
            raise Refused(f"A role is one of: {', '.join(Role)}.")
        role = Role(arguments["role"])
        people.require_branch(tx, branch)
        fresh = self.clock.fresh()
        code = self.clock.fresh()[: invites.CODE_LENGTH]
        invite = NewInvite(id=fresh, branch=branch, role=role, code=code, made_by=CONSOLE)
        until = invites.make_invite(tx, invite, now)
        return (
            f"{code}\n\nGood for one {role.value} of the branch {branch}, until {until:%d %B %Y}."
            f"\nThey type in a private chat with the bot: /join {code}"
        )

    def _erase_preview(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        known = _known(tx, arguments)
        lines = [
            f"- {one.table.personal.shown_as if one.table.personal else ''}: {len(one.rows)}"
            for one in privacy.held(tx, known.person)
        ]
        return "\n".join(("This person has:", *lines))

    def _erase(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        known = _known(tx, arguments)
        who = audit.pseudonym(tx, known.person)
        count = privacy.erase(tx, known, now)
        detail = f"{count} rows for {who}"
        audit.record(
            tx, self.clock.fresh(), known.branch, CONSOLE, "person.forgotten", detail, now
        )
        return f"Deleted {count} records. A backup that still holds them is at most 30 days old."

    def _misses(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        branch = BranchId(arguments["branch"])
        people.require_branch(tx, branch)
        found = [asdict(item) for item in inbox.read(tx, branch)]
        return json.dumps(found, ensure_ascii=False)

    def _misses_mark(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        branch, status = BranchId(arguments["branch"]), arguments["status"]
        if status not in STATUSES:
            raise Refused(f"A status is one of: {', '.join(STATUSES)}.")
        found = [item for item in inbox.read(tx, branch) if item.is_called(arguments["id"])]
        if not found:
            raise Refused(
                f"There is no `{arguments['id']}`. `pathways misses` lists what there is."
            )
        item = found[0]
        inbox.decide(tx, branch, Triage(item=item.id, status=status), now)
        detail = f"{item.id} {status}"
        audit.record(tx, self.clock.fresh(), branch, CONSOLE, "miss.triaged", detail, now)
        return f"{item.id} is now {status}."

    def _surveys(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        branch = BranchId(arguments["branch"])
        people.require_branch(tx, branch)
        rounds = surveys.listed(tx, branch)
        return "\n".join(_survey_line(one) for one in rounds) or "There is no survey yet."

    def _survey_close(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        closed = surveys.close(tx, arguments["id"], now)
        jobs.cancel(tx, survey_jobs.KIND, closed.id)
        branch = surveys.branch_of(tx, closed.id)
        audit.record(tx, self.clock.fresh(), branch, CONSOLE, "survey.closed", closed.id, now)
        return f"Closed {closed.title} ({closed.id}). `pathways export {closed.id} FOLDER` has its results."

    def _survey_results(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        survey = arguments["id"]
        body = surveys.released(tx, survey)
        row, branch = tx.get("survey", {"id": survey}) or {}, surveys.branch_of(tx, survey)
        named = tx.get("branch", {"id": branch}) or {}
        answer: dict[str, object] = {"branch": named.get("name"), "release": body}
        workplace = str(row.get("workplace") or "")
        answer["plan"] = plans.rows_at(tx, branch, workplace)
        rest = self._content.wording.say("map.rest", arguments.get("language", "en"))
        if node := outside_at(tx, branch, workplace, rest):
            answer["map"] = tree_text(node)
        if found := survey_funnel.funnel_of(tx, survey, parse_release(body)):
            answer["funnel"] = funnel_text(found)
        if before := survey_rounds.before(tx, row):
            answer["before"] = release_text(before)
        return json.dumps(answer, ensure_ascii=False)

    def _survey_funnel(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        survey = arguments["id"]
        body = surveys.released(tx, survey)
        found = survey_funnel.funnel_of(tx, survey, parse_release(body))
        if found is None:
            raise Refused(
                f"There is no funnel of `{survey}`: fewer than 5 took part, or no rep opened it in the chat."
            )
        return json.dumps({"release": body, "funnel": funnel_text(found)}, ensure_ascii=False)

    def _map_list(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        return map_admin.listed(tx, BranchId(arguments["branch"]))

    def _map_show(self, tx: Tx, arguments: Mapping[str, str], _now: datetime) -> str:
        branch, name = BranchId(arguments["branch"]), arguments["workplace"]
        return map_admin.shown(tx, branch, name, self._content.wording)

    def _map_export(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        branch, name = BranchId(arguments["branch"]), arguments["workplace"]
        return map_admin.exported(tx, branch, name, self._content.wording, now)

    def _map_try(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        read, done = map_admin.imported(tx, arguments, self.clock.fresh(), now, is_dry=True)
        return map_admin.report(read, done, self._content.wording, is_dry=True)

    def _map_import(self, tx: Tx, arguments: Mapping[str, str], now: datetime) -> str:
        read, done = map_admin.imported(tx, arguments, self.clock.fresh(), now, is_dry=False)
        branch, detail = BranchId(arguments["branch"]), f"{len(done.figures)} figures"
        audit.record(tx, self.clock.fresh(), branch, CONSOLE, "map.imported", detail, now)
        return map_admin.report(read, done, self._content.wording, is_dry=False)

    def _incident(self, arguments: Mapping[str, str], now: datetime) -> str:
        since, until = _moments(arguments)
        found = incident.look(self._store, since, until, now)
        self._note("incident.looked-at", f"{since.isoformat()} to {until.isoformat()}", now)
        return _incident_text(found)

    def _incident_accounts(self, arguments: Mapping[str, str], now: datetime) -> str:
        _, until = _moments(arguments)
        found = incident.accounts(self._store, until)
        self._note("incident.accounts", f"{len(found)} accounts", now)
        return json.dumps(found)

    def _note(self, what: str, detail: str, now: datetime) -> None:
        """Write down what was done outside the transaction of a command."""
        id_, branch = self.clock.fresh(), people.DEFAULT_BRANCH
        self._store.submit(
            lambda tx: audit.record(tx, id_, branch, CONSOLE, what, detail, now)
        ).result()

    def _purge(self, _arguments: Mapping[str, str], now: datetime) -> str:
        gone = nightly.run(self._store, self._content, self.clock, now)
        return (
            "\n".join(f"{table:15} {count:>7}" for table, count in gone.items())
            or "Nothing was due."
        )


def _survey_line(one: surveys.Round) -> str:
    """An id, a title, its days, and how many took part."""
    until = f"closed {one.closed_at:%d %B %Y}" if one.closed_at else "open"
    count = f"{one.returns} returns" if one.returns else "fewer than 5 returns"
    more = "" if one.closed_at or not one.returns else " or more"
    title = f"{one.title}, {one.workplace}" if one.workplace else one.title
    return f"{one.id:18} {title}, opened {one.opened_at:%d %B %Y}, {until}, {count}{more}"


def _moments(arguments: Mapping[str, str]) -> tuple[datetime, datetime]:
    since, until = (datetime.fromisoformat(arguments[name]) for name in ("since", "until"))
    if since > until:
        raise Refused("It cannot have begun after it ended. Look at --since and --until.")
    return since, until


def _incident_text(found: incident.Incident) -> str:
    """What a notice to the Information Commissioner asks for."""
    accounts = ", ".join(f"{count} on {channel}" for channel, count in found.channels)
    lines = [
        f"Tell the Information Commissioner by {found.tell_by:%d %B %Y %H:%M} UTC (UK GDPR, Article 33):",
        "72 hours from now. If you knew before, the time runs from then. ico.org.uk",
        "",
        f"People concerned: {found.people} ({accounts or 'no accounts'}).",
        "That somebody uses a union's bot can show that they are in a union: special category data.",
        "",
        "What could be read about them:",
        *(f"- {kind.name}: {kind.rows} records of {kind.people} people" for kind in found.kinds),
        f"- Anonymous survey returns: {found.returns}; no name, account or time is kept with them.",
        "",
        "What was done with rights in that time:",
        *([f"- {name}: {count}" for name, count in found.done] or ["- nothing"]),
    ]
    return "\n".join(lines)


def _known(tx: Tx, arguments: Mapping[str, str]) -> Known:
    known = people.recognise(tx, Address(arguments["channel"], arguments["account"]), "")
    if known.is_new:
        raise Refused("Nobody with this account is known here. Check the channel and the account.")
    return known


ORDERS: Final[Mapping[str, Order]] = {
    "audit-check": Admin._audit_check,
    "branch-add": Admin._branch_add,
    "branch-list": Admin._branch_list,
    "invite": Admin._invite,
    "erase-preview": Admin._erase_preview,
    "erase": Admin._erase,
    "misses": Admin._misses,
    "misses-mark": Admin._misses_mark,
    "surveys": Admin._surveys,
    "survey-close": Admin._survey_close,
    "survey-results": Admin._survey_results,
    "survey-funnel": Admin._survey_funnel,
    "map-list": Admin._map_list,
    "map-show": Admin._map_show,
    "map-export": Admin._map_export,
    "map-try": Admin._map_try,
    "map-import": Admin._map_import,
}
WIPING_ORDERS: Final = frozenset({"erase", "survey-close"})  # no trace stays in the store's files
LONG_ORDERS: Final[Mapping[str, Callable[[Admin, Mapping[str, str], datetime], str]]] = {
    "incident": Admin._incident,  # in many transactions, so that nobody waits for them
    "incident-accounts": Admin._incident_accounts,
    "purge": Admin._purge,
}
