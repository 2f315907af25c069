"""The command table and who may use it, played from the table itself (R32); verbs (B1)."""

import ast
import inspect
from dataclasses import replace
from typing import get_args

import pytest

from bot.engine import (
    acts,
    answers,
    asking,
    browsing,
    cards,
    linking,
    orders,
    rep_questions,
    rep_replies,
    triage,
)
from bot.engine.acts import ACTS
from bot.engine.commands import (
    COMMAND_BY_NAME,
    COMMANDS,
    VERBS,
    CommandSpec,
    command_of_phrase,
    parse_command,
    refusal,
    verb_of,
)
from bot.engine.effects import (
    Effect,
    ForgetMe,
    MakeFile,
    MakeInvite,
    OptIn,
    OptOut,
    RunEffect,
    SetAudience,
    SetLanguage,
    ShowConsents,
    ShowMine,
    UseCode,
    WithdrawConsent,
)
from bot.engine.effects_broadcasts import BroadcastEffect
from bot.engine.effects_links import LinkEffect
from bot.engine.effects_map import MapEffect
from bot.engine.effects_plans import PlanEffect
from bot.engine.effects_reps import RepEffect
from bot.engine.effects_surveys import SurveyEffect
from bot.engine.orders import ORDERS
from bot.engine.session import Act, Offer
from bot.messages import Audience, Choice, Place, Role, Token
from tests.builders import Talk, answered, labels_of, shipped, text_of, view, wording

GLOBAL_VERBS = ["help", "back", "skip", "cancel", "pause", "resume"]
GLOBAL_VERBS += ["repeat", "status", "human", "restart", "stop"]
ALL_ROLES = sorted(Role, key=list(Role).index)
EVERYBODY_OR_MORE = {
    "invite": {Role.OFFICER, Role.ADMIN},
    "why": {Role.EDITOR, Role.OFFICER, Role.ADMIN},
    "misses": {Role.EDITOR, Role.OFFICER, Role.ADMIN},
    "questions": {Role.REP, Role.ULR, Role.EDITOR, Role.OFFICER, Role.ADMIN},
    "broadcast": {Role.ULR, Role.OFFICER, Role.ADMIN},
    "halt": {Role.ULR, Role.OFFICER, Role.ADMIN},
    "destination": {Role.ULR, Role.OFFICER, Role.ADMIN},
    "map": {Role.REP, Role.ULR, Role.EDITOR, Role.OFFICER, Role.ADMIN},
    "qr": {Role.REP, Role.ULR, Role.EDITOR, Role.OFFICER, Role.ADMIN},
    **dict.fromkeys(("plan", "next", "agreement", "calendar"), set(Role) - {Role.MEMBER}),
    **dict.fromkeys(("surveys", "results"), set(Role) - {Role.MEMBER}),
}  # written here once more, so that a slip in the table is seen
PRIVATE = {"mydata", "forget", "consent", "join", "invite", "status", "questions", "misses"}
PRIVATE |= {"link", "unlink"}
PRIVATE |= {"map", "qr", "plan", "next", "agreement", "calendar", "broadcast", "halt"}
PRIVATE |= {"answers", "surveys", "results"}
ARGUMENTS = {"audience": "rep", "language": "cy", "join": "abc", "invite": "rep"}
MATRIX = [(spec, role, place) for spec in COMMANDS for role in ALL_ROLES for place in Place]


def allowed(spec: CommandSpec, role: Role, place: Place) -> bool:
    permitted = role in EVERYBODY_OR_MORE.get(spec.name, set(Role))
    return permitted and (place is Place.PRIVATE or spec.name not in PRIVATE)


def is_refused(text: str) -> bool:
    return text in {wording("refused.role"), wording("refused.place")}


def test_the_table_holds_every_command_once_and_every_verb() -> None:
    names = [spec.name for spec in COMMANDS]
    assert len(names) == len(set(names)) >= 22
    assert sorted(VERBS) == sorted(GLOBAL_VERBS)


def test_every_command_can_be_done_and_nothing_else() -> None:
    assert {*ORDERS, "repeat"} == set(COMMAND_BY_NAME)


def test_every_act_and_every_command_behind_a_button_is_declared() -> None:
    modules = (
        *(acts, answers, asking, browsing, cards, linking, orders),
        *(rep_questions, rep_replies, triage),
    )
    calls = [
        node
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Act"
    ]
    written = [[ast.unparse(argument) for argument in call.args] for call in calls]
    assert len(written) >= 18, "are the acts where I look?"
    names = {first.strip("'") for first, *_ in written} - {
        "here.name"
    }  # a page turned: its own act
    assert names <= set(ACTS)
    behind = {
        rest[0].strip("()").split(",")[0].strip("'")
        for first, *rest in written
        if first == "'command'"
    }
    assert behind
    assert behind <= set(COMMAND_BY_NAME)


@pytest.mark.parametrize(("spec", "role", "place"), MATRIX)
def test_a_command_is_done_or_refused_as_declared(
    spec: CommandSpec, role: Role, place: Place
) -> None:
    talk = Talk(view=view(role, place=place))
    turn = talk.command(spec.name, ARGUMENTS.get(spec.name, ""))
    assert is_refused(text_of(turn)) is not allowed(spec, role, place)
    if not allowed(spec, role, place):
        assert turn.effects == ()


@pytest.mark.parametrize(("spec", "role", "place"), MATRIX)
def test_a_button_is_no_way_round_it(spec: CommandSpec, role: Role, place: Place) -> None:
    talk = Talk(view=view(role, place=place))
    act = Act("command", (spec.name, ARGUMENTS.get(spec.name, "")))
    talk.session = replace(talk.session, offers=(Offer(Token("t"), "Press me", act),))
    turn = talk.hear(Choice(Token("t")))
    assert is_refused(text_of(turn)) is not allowed(spec, role, place)
    if not allowed(spec, role, place):
        assert turn.effects == ()


@pytest.mark.parametrize(("spec", "role", "place"), MATRIX)
def test_typing_is_no_way_round_it(spec: CommandSpec, role: Role, place: Place) -> None:
    for text in (f"/{spec.name} {ARGUMENTS.get(spec.name, '')}", *spec.phrases):
        talk = Talk(view=view(role, place=place))
        assert is_refused(text_of(talk.say(text))) is not allowed(spec, role, place), text


def test_a_group_does_not_learn_what_an_officer_could_do() -> None:
    spec = COMMAND_BY_NAME["invite"]
    assert refusal(spec, {Role.REP}, Place.GROUP) == "refused.role"
    assert refusal(spec, {Role.OFFICER}, Place.GROUP) == "refused.place"
    assert refusal(spec, {Role.OFFICER}, Place.PRIVATE) is None


def test_somebody_without_any_role_is_a_member() -> None:
    assert refusal(COMMAND_BY_NAME["mydata"], frozenset(), Place.PRIVATE) is None


@pytest.mark.parametrize("granted", ALL_ROLES)
@pytest.mark.parametrize("role", ALL_ROLES)
def test_only_an_admin_grants_officer_and_admin(role: Role, granted: Role) -> None:
    turn = Talk(view=view(role)).command("invite", granted.value)
    may = role is Role.ADMIN or (
        role is Role.OFFICER and granted not in {Role.OFFICER, Role.ADMIN}
    )
    made = [effect for effect in turn.effects if isinstance(effect, MakeInvite)]
    assert bool(made) is may
    assert is_refused(text_of(turn)) is not may
    assert all(effect.role is granted and len(effect.code) == 10 for effect in made)


def test_an_invite_of_an_unknown_role_lists_the_roles() -> None:
    turn = Talk(view=view(Role.ADMIN)).command("invite", "queen")
    assert "member, rep, ulr, editor, officer, admin" in text_of(turn)
    assert turn.effects == ()


@pytest.mark.parametrize("verb", GLOBAL_VERBS)
def test_a_verb_works_in_every_state_by_word_command_and_slash(verb: str) -> None:
    for start in ([], ["cost"], ["cost", "topics"]):
        said = set()
        for way in (verb, verb.upper(), f" {verb}. ", f"/{verb}"):
            talk = Talk()
            for words in start:
                talk.say(words, answered("cost"))
            said.add(text_of(talk.say(way, answered("refund"))))
        talk = Talk()
        for words in start:
            talk.say(words, answered("cost"))
        said.add(text_of(talk.command(verb)))
        assert len(said) == 1, (verb, start, said)


def test_no_label_of_the_bots_own_is_a_verb() -> None:
    labels = [
        line.split(":", 1)[1]
        for line in shipped()["wording.yaml"].splitlines()
        if line.strip().startswith(("button.", "vote.", "reason.", "audience.", "language."))
    ]
    assert len(labels) >= 20
    assert [label for label in labels if verb_of(label.strip(' "'))] == []


def test_phrases_are_whole_messages() -> None:
    assert command_of_phrase("  My   DATA?! ") == "mydata"
    assert command_of_phrase("show me my data") is None
    phrases = [phrase for spec in COMMANDS for phrase in spec.phrases]
    assert len(phrases) == len(set(phrases)) >= 15
    assert not set(phrases) & VERBS


@pytest.mark.parametrize(
    "text", ["/", "//help", "/ help", "/1", "/help_" + "x" * 40, "help/", "/é"]
)
def test_what_only_looks_like_a_command_is_none(text: str) -> None:
    assert parse_command(text) is None


EFFECTS: tuple[tuple[str, str, Effect | None], ...] = (
    ("stop", "", OptOut("all")),
    ("audience", "REP ", SetAudience(Audience.REP)),
    ("audience", "king", None),
    ("language", "cymraeg", SetLanguage("cy")),
    ("language", "klingon", None),
    ("mydata", "", None),
    ("forget", "", None),
    ("forget", "yes", ForgetMe()),
    ("consent", "", ShowConsents()),
    ("consent", "survey", WithdrawConsent("survey")),
    ("join", "AB-cd 12", UseCode("abcd12")),
    ("join", "", None),
    ("start", "AB-cd", UseCode("abcd")),
)


@pytest.mark.parametrize(("name", "argument", "effect"), EFFECTS)
def test_a_command_wants_done_what_it_says(
    name: str, argument: str, effect: Effect | None
) -> None:
    assert Talk().command(name, argument).effects == ((effect,) if effect else ())


def test_what_is_shown_of_a_person_comes_as_a_file_too() -> None:
    whole = MakeFile(kind="mydata", arguments={})
    assert Talk().command("mydata", "yes").effects == (ShowMine(), whole)


def test_a_picture_of_the_address_may_lead_to_what_everybody_may_do() -> None:
    rep = Talk(view=view(Role.REP))
    assert rep.command("qr").effects == (MakeFile(kind="qr", arguments={}),)
    (topics,) = rep.command("qr", "/Topics").effects
    assert topics == MakeFile(kind="qr", arguments={"command": "topics"})
    for name in ("invite", "bingo", "topics help"):
        assert text_of(rep.command("qr", name)) == wording("qr.unknown")


def test_every_effect_is_wanted_by_something() -> None:
    wanted = {type(effect) for _, _, effect in EFFECTS if effect} | {OptIn, MakeInvite}
    wanted |= {ShowMine, MakeFile}
    learnt = {"RememberMiss", "LabelMiss", "Vote", "OpenReview"}
    of_reps = {kind.__name__ for kind in get_args(RepEffect)}  # see test_reps.py
    of_plans = {kind.__name__ for kind in get_args(PlanEffect)}  # see tests/service/test_plans.py
    of_runs = {kind.__name__ for kind in get_args(RunEffect)}  # see test_runs.py
    of_maps = {kind.__name__ for kind in get_args(MapEffect)}  # see tests/service/test_maps.py
    of_broadcasts = {kind.__name__ for kind in get_args(BroadcastEffect)}  # see test_broadcasts.py
    of_surveys = {kind.__name__ for kind in get_args(SurveyEffect)}  # see test_open_surveys.py
    of_links = {
        kind.__name__ for kind in get_args(LinkEffect)
    }  # see tests/service/test_linking.py
    others = {"Triage", "MakeFile"} | of_broadcasts | of_links
    named = {kind.__name__ for kind in wanted}
    assert named | learnt | of_reps | of_runs | of_plans | of_maps | of_surveys | others == {
        kind.__name__ for kind in get_args(Effect)
    }


@pytest.mark.parametrize("role", ALL_ROLES)
def test_help_names_the_commands_of_a_role_to_who_has_it(role: Role) -> None:
    said = text_of(Talk(view=view(role)).command("help"))
    for name in (
        "questions",
        "misses",
        "plan",
        "next",
        "agreement",
        "calendar",
        "qr",
        "broadcast",
    ):
        assert (f"/{name}" in said) is (role in EVERYBODY_OR_MORE[name])


def test_stop_can_be_undone_by_its_button() -> None:
    talk = Talk()
    talk.say("stop")
    turn = talk.press(wording("button.undo-stop"))
    assert turn.effects == (OptIn("all"),)
    assert text_of(turn) == wording("opted-in")


def test_deleting_and_showing_ask_first_and_a_no_changes_nothing() -> None:
    for name, yes in (("forget", "button.forget-yes"), ("mydata", "button.show")):
        talk = Talk()
        turn = talk.command(name)
        assert labels_of(turn) == [wording(yes), wording("button.no")]
        assert talk.press(wording("button.no")).effects == ()
        talk.command(name)
        assert talk.press(wording(yes)).effects != ()


def test_an_audience_can_be_picked_from_a_list() -> None:
    talk = Talk()
    turn = talk.command("audience")
    assert len(labels_of(turn)) == len(Audience)
    assert talk.say("3").effects == (SetAudience(Audience.REP),)


def test_welsh_says_so_in_welsh_at_once() -> None:
    talk = Talk()
    talk.command("language")
    assert "Byddaf" in text_of(talk.press("Cymraeg"))


def test_the_privacy_notice_offers_to_show_and_to_delete() -> None:
    talk = Talk()
    turn = talk.command("privacy")
    names = ("button.mydata", "button.forget", "button.link")
    assert labels_of(turn) == [wording(name) for name in names]
    assert text_of(talk.press(wording("button.forget"))) == wording("forget.confirm")


def test_status_says_whose_words_and_whether_broadcasts_come() -> None:
    talk = Talk()
    assert wording("status.no-audience") in text_of(talk.command("status"))
    talk.view = replace(talk.view, audience=Audience.ULR, opt_outs=frozenset({"all"}))
    said = text_of(talk.command("status"))
    assert wording("audience.ulr") in said
    assert wording("status.stopped") in said
