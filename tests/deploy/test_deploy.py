"""What `deploy/` holds is read by what reads it, as far as a machine without a container engine can."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.cli.main import COMMANDS
from bot.settings import PREFIX, Settings
from tests.builders import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "pathways.service").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "bot").rglob("__init__.py"))
TEXTS = [path for path in sorted(DEPLOY.iterdir()) if path.is_file()]


def steps(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Dockerfile, each with its arguments on one line."""
    joined = re.sub(r"\\\n\s*", "", text)
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            name, _, arguments = line.partition(" ")
            yield name, arguments


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", path.read_text(encoding="utf-8")))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_image_runs_without_root_and_writes_in_one_place() -> None:
    found = dict(steps(DOCKERFILE))
    assert found["USER"] == "10001"
    assert found["VOLUME"] == "/var/lib/pathways"
    assert "--require-hashes" in DOCKERFILE


def test_the_services_of_compose_are_closed() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    bot = compose["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert "ports" not in compose["services"]["database"], "only the bot reaches the database"
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True, "the database reaches nobody"
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service["networks"]) <= set(compose["networks"])
        named = {volume.partition(":")[0] for volume in service["volumes"]}
        assert named <= set(compose["volumes"])


def test_no_secret_stands_in_a_file() -> None:
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"xox[bap]-\w|\d{8,}:[\w-]{30,}|AGE-SECRET-KEY-\w", text), path.name


def test_systemd_takes_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    names = {line.partition("=")[0] for line in UNIT.splitlines() if "=" in line}
    assert {"ExecStart", "User", "ProtectSystem", "NoNewPrivileges"} <= names
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return  # its syntax is held by the lines above; nothing here can run it
    unit = tmp_path / "pathways.service"
    unit.write_text(UNIT.replace("/opt/pathways/bin/pathways", sys.executable))
    verified = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    told = [line for line in verified.stderr.splitlines() if "pathways.service" in line]
    assert told == []


def test_the_run_book_names_commands_that_are_there() -> None:
    book = (ROOT / "docs" / "run-book.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`pathways ([a-z]+)", book))
    assert {"doctor", "backup", "restore", "erase", "incident", "retention"} <= named
    assert named <= set(COMMANDS)


def test_an_admin_has_the_settings_and_the_database_of_the_service(tmp_path: Path) -> None:
    """All but the user, who is not there: what the script runs sees what the unit's process sees."""
    unit = dict(re.findall(r"^Environment=(\w+)=(.+)$", UNIT, re.MULTILINE))
    script = (DEPLOY / "pathways-admin").read_text(encoding="utf-8")
    assert "runuser -u pathways -- /opt/pathways/bin/pathways " in script
    (tmp_path / "environment").write_text("# a token\nPATHWAYS_TELEGRAM_TOKEN=123:abc\n")
    script = script.replace("/etc/pathways/environment", str(tmp_path / "environment"))
    script = script.replace("HOME=/var/lib/pathways", f"HOME={tmp_path}")
    script = script.replace("exec runuser -u pathways -- /opt/pathways/bin/pathways", "env; echo")
    ran = subprocess.run(
        ["sh", "-c", script, "sh", "doctor", "a b"],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen = set(ran.stdout.splitlines())
    assert {f"{name}={value}" for name, value in unit.items()} <= seen
    assert {"PATHWAYS_TELEGRAM_TOKEN=123:abc", "doctor a b"} <= seen


def test_what_is_installed_is_all_there_is() -> None:
    """A package that is not on the list is missing where Pathways is installed, and nowhere else."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]
    packages = {".".join(file.parent.relative_to(ROOT).parts): file.parent for file in MODULES}
    assert {*packages, "pathways_knowledge"} == set(tools["packages"])
    data = {
        path for path in (ROOT / "bot").rglob("*") if path.is_file() and path.suffix[:3] != ".py"
    }
    data |= {ROOT / "bot" / "py.typed"}
    for package, patterns in tools["package-data"].items():
        for pattern in patterns:
            data -= set(packages.get(package, ROOT / "knowledge").glob(pattern))
    assert data == set()


@pytest.mark.long
def test_the_steps_of_the_image_work_in_order_in_a_clean_place(tmp_path: Path) -> None:
    """All but the system: what is copied is all that is there, and what is installed runs.

    What pip keeps of earlier installs is used, and nothing is compiled that is not run: that is half
    of the time.
    """
    source, image = tmp_path / "src", tmp_path / "image"
    source.mkdir()
    for name, arguments in steps(DOCKERFILE.split("\nFROM ")[1]):
        if name == "COPY":
            *files, target = arguments.split()
            for file in files:
                _copy(ROOT / file, source / (file if target == "./" else target))
        elif name == "RUN":
            command = arguments.replace("/opt/pathways", str(image)).replace(" --no-cache-dir", "")
            quick = {**os.environ, "PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            subprocess.run(command, shell=True, cwd=source, env=quick, check=True)  # noqa: S602 - ours
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PATHWAYS_DATABASE_URL": f"sqlite:///{tmp_path}/data/pathways.db",
        "PATHWAYS_CACHE": str(tmp_path / "cache"),
    }
    asked = subprocess.run(
        [image / "bin" / "pathways", "ask", "how much does registration cost?"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "£" in asked.stdout


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
