"""A `pathways run` of its own process, on the small Bot API, with a database in a folder."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import bot.channels.telegram.opening  # noqa: F401 - so that a fork has it already
from bot.cli.run import command as run
from tests.builders import ROOT
from tests.channels.telegram.api import TOKEN

READY_S = 60.0  # seconds that a start may take on a machine that has much else to do


FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.channels.telegram.running"])


def live(environment: Mapping[str, str], log: str) -> None:
    """What `pathways run` does, with its output in a file."""
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    run.main([], standalone_mode=False)


class Run:
    """One process.

    Args:
        folder: Where it lives.
        url: The Bot API.
        cache: Where the index of the content is kept.
        settings: More settings, without their prefix.
    """

    def __init__(
        self, folder: Path, url: str, cache: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        wanted = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "DATABASE_URL": f"sqlite:///{folder / 'run.db'}",
            "CACHE": str(cache),
            "LISTEN": "",
            "TELEGRAM_RETRY_S": "0.2",
            "TELEGRAM_POLL_S": "5",
            **(settings or {}),
        }
        kept = {name: value for name, value in os.environ.items() if "PATHWAYS" not in name}
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "OPENBLAS_NUM_THREADS": "1",
            **{f"PATHWAYS_{name}": value for name, value in wanted.items()},
        }
        self.process: asyncio.subprocess.Process | None = None
        self.log = folder / "run.log"

    async def start(self, *arguments: str) -> "Run":
        """Start it, and wait for the bare line `ready`."""
        await self.launch(*arguments)
        assert self.process is not None
        assert self.process.stdout is not None
        async with asyncio.timeout(READY_S):
            line = await self.process.stdout.readline()
        assert line == b"ready\n", self.log.read_text()
        return self

    async def launch(self, *arguments: str) -> "Run":
        """Start it, and wait for nothing."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                *arguments,
                cwd=self.folder,
                env=self.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        return self

    def fork(self) -> ForkServerProcess:
        """Start it from a process that has imported everything already: for many short lives."""
        process = FORKS.Process(target=live, args=(self.environment, str(self.log)), daemon=True)
        process.start()
        return process

    async def stop(self) -> int:
        """Tell it to end; returns its status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(READY_S):
            return await self.process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
