"""The modal in which the answers of a run are edited: built, and read when it is sent."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.channels.light_markdown import to_plain
from bot.channels.slack.budgets import FORM_ERROR, FORM_LABEL, FORM_TITLE, OPTION_LABEL
from bot.channels.slack.payload import MalformedError, Payload, inner, text_of
from bot.channels.slack.rendering import Built
from bot.engine.forms import Field, Form, mark_of
from bot.knowledge.wording import Wording
from bot.messages import TEXT_LIMIT, Filled, Given

CALLBACK: Final = "answers"  # the name of the modal
INPUT: Final = "in"  # the name of what is typed or picked, in its block
METADATA: Final = 3000  # characters that a modal carries for us
WORDS: Final = 3000  # characters that one line of a modal takes


def form_view(form: Form, wording: Wording, language: str = "en") -> dict[str, Any]:
    """The modal of a form, with as many of its answers as it can remember the marks of."""
    fields = form.fields
    while len(_metadata(form.run, fields)) > METADATA:
        fields = fields[:-1]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(wording.say("form.title", language), FORM_TITLE),
        "submit": _plain(wording.say("form.send", language), FORM_TITLE),
        "close": _plain(wording.say("form.close", language), FORM_TITLE),
        "private_metadata": _metadata(form.run, fields),
        "blocks": [_block(field, wording.say("slack.choose", language)) for field in fields],
    }


def read_form(view: Payload) -> Filled:
    """What was changed in a modal that was sent.

    Raises:
        MalformedError: It is none of ours.
    """
    try:
        run, marks = json.loads(text_of(view, "private_metadata"))
        known = {str(key): str(mark) for key, mark in dict(marks).items()}
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedError("private_metadata") from error
    values = inner(inner(view, "state"), "values")
    given = (
        Given(key, mark, _value(inner(inner(values, key), INPUT))) for key, mark in known.items()
    )
    if not isinstance(run, str):
        raise MalformedError("private_metadata")
    return Filled(run, tuple(one for one in given if mark_of(one.value) != one.mark))


def errors_of(faults: Mapping[str, str]) -> dict[str, Any]:
    """What Slack shows in the modal, beside each answer that cannot be taken."""
    errors = {key: _cut(to_plain(text), FORM_ERROR) for key, text in faults.items()}
    return {"response_action": "errors", "errors": errors}


def _metadata(run: str, fields: tuple[Field, ...]) -> str:
    return json.dumps([run, {field.key: field.mark for field in fields}], separators=(",", ":"))


def _block(field: Field, placeholder: str) -> Built:
    return {
        "type": "input",
        "block_id": field.key,
        "label": _plain(field.label, FORM_LABEL),
        "optional": field.is_optional,
        "element": _element(field, placeholder),
    }


def _element(field: Field, placeholder: str) -> Built:
    named: dict[str, Any] = {"action_id": INPUT}
    if field.kind == "choice":
        options = [
            {"text": _plain(label, OPTION_LABEL), "value": code} for code, label in field.options
        ]
        picked = [one for one in options if one["value"] == field.value]
        named |= {"initial_option": picked[0]} if picked else {}
        shown = _plain(placeholder, OPTION_LABEL)
        return {"type": "static_select", "options": options, "placeholder": shown, **named}
    if field.value:
        named["initial_value"] = field.value
    if field.kind == "number":
        return {"type": "number_input", "is_decimal_allowed": True, **named}
    is_long = len(field.value) > FORM_LABEL or "\n" in field.value
    return {"type": "plain_text_input", "multiline": is_long, "max_length": WORDS, **named}


def _value(state: Payload) -> str:
    option = inner(state, "selected_option")
    return text_of(option, "value") if option else text_of(state, "value")[:TEXT_LIMIT]


def _plain(text: str, most: int) -> Built:
    return {"type": "plain_text", "text": _cut(text, most), "emoji": False}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"
