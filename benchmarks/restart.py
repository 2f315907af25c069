"""How long a restart of `pathways run` keeps people waiting: buttons on Telegram live for 150 seconds.

From SIGTERM to the old process, through its end and the start of a new one, to the first getUpdates of
that one, and to the first event of Slack that it answers; the index is cached, as it is on a machine
where the bot ran before. Beside it, in the same run: starting Python with numpy and rapidfuzz and
nothing else. Modules are compiled, as they are where the program is installed.

`python -m benchmarks.restart`
"""

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import ClientConnectionError, ClientSession

from benchmarks.start import best
from bot.channels.slack.front import PATH
from tests.channels.slack.fake import BOT_TOKEN, SECRET, FakeSlack, signed
from tests.channels.slack.limits import hurried
from tests.channels.slack.payloads import message
from tests.channels.telegram.api import BotApi, Fault
from tests.channels.telegram.running import Run
from tests.channels.telegram.server import ApiServer

RUNS: Final = 3
AIM_S: Final = 3.0  # issue 5
LOOK_S: Final = 0.01  # seconds between two tries of an event


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Restart:
    """One restart, in seconds since SIGTERM, and what the new process took of the processor."""

    back: float
    ended: float
    cpu: float
    megabytes: float

    def line(self, name: str, base_cpu: float) -> str:
        """One line of the table."""
        aim = "ok" if self.back < AIM_S else f"over {AIM_S:.0f} s"
        return (
            f"{name:34} {self.back:6.2f} s ({self.ended:.2f} s to the end of the old one)"
            f" {self.cpu:6.2f} s CPU {self.megabytes:5.0f} MB {self.cpu / base_cpu:6.1f} x  {aim}"
        )


class Platforms:
    """Both fakes, and the moment when the bot is back on each."""

    def __init__(self, server: ApiServer, slack: FakeSlack, client: ClientSession) -> None:
        self.server, self.slack, self._client = server, slack, client
        self.polled = asyncio.Event()
        server.api.broken = self._note
        self.port = _free_port()

    @property
    def telegram(self) -> dict[str, str]:
        return {"TELEGRAM_POLL_S": "30"}

    @property
    def slack_by_http(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.slack.api_url,
            "LISTEN": f"127.0.0.1:{self.port}",
        }

    async def is_back(self, settings: Mapping[str, str]) -> None:
        """Wait until a bot with these settings hears people on every channel it has."""
        if settings.get("TELEGRAM_TOKEN") != "":
            await self.polled.wait()
        if "LISTEN" in settings:
            await self._is_answered()

    def _note(self, method: str) -> Fault | None:
        if method == "getUpdates":
            self.polled.set()
        return None

    async def _is_answered(self) -> None:
        while True:
            raw, headers = signed(message("U0001", "/help"), time.time())
            url = f"http://127.0.0.1:{self.port}{PATH}"
            try:
                async with self._client.post(url, data=raw, headers=headers) as answer:
                    if answer.status == 200:
                        return
            except ClientConnectionError:
                pass
            await asyncio.sleep(LOOK_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cost(pid: int) -> tuple[float, float]:
    """Seconds of the processor that a process has taken so far, and its megabytes at the most."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


async def restarted(run: Run, platforms: Platforms, settings: Mapping[str, str]) -> Restart:
    """End it, start it again, and wait until it hears people."""
    began = time.perf_counter()
    if await run.stop():
        raise SystemExit(run.log.read_text())
    ended = time.perf_counter() - began
    platforms.polled.clear()
    await run.launch()
    await platforms.is_back(settings)
    back = time.perf_counter() - began
    cpu, megabytes = _cost(run.process.pid if run.process else 0)
    return Restart(back=back, ended=ended, cpu=cpu, megabytes=megabytes)


async def measure(folder: Path, platforms: Platforms, settings: Mapping[str, str]) -> Restart:
    """The best of three, since another program may have been running."""
    run = Run(folder, platforms.server.url, folder.parent / "cache", settings)
    run.environment.pop("PYTHONDONTWRITEBYTECODE", None)
    run.environment["PYTHONPYCACHEPREFIX"] = str(folder.parent / "compiled")
    await run.start()
    try:
        return min([await restarted(run, platforms, settings) for _ in range(RUNS)])
    finally:
        await run.stop()


async def measure_all(folder: Path) -> dict[str, Restart]:
    """Every way to run it."""
    slack, rows = FakeSlack(hurried), {}
    await slack.start()
    async with ApiServer(BotApi(limits=False)) as server, ClientSession() as client:
        platforms = Platforms(server, slack, client)
        ways: dict[str, dict[str, str]] = {
            "Telegram, polling": platforms.telegram,
            "Slack by HTTP": {"TELEGRAM_TOKEN": "", **platforms.slack_by_http},
            "both in one process": {**platforms.telegram, **platforms.slack_by_http},
        }
        for number, (name, settings) in enumerate(ways.items()):
            home = folder / str(number)
            home.mkdir()
            rows[name] = await measure(home, platforms, settings)
    await slack.stop()
    return rows


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        rows = asyncio.run(measure_all(Path(place)))
        base = best([sys.executable, "-c", "import numpy, rapidfuzz"], place)
    for name, row in rows.items():
        print(row.line(name, base.cpu))
    print(f"{'python with numpy and rapidfuzz':34} {base.seconds:6.2f} s {base.cpu:39.2f} s CPU")


if __name__ == "__main__":
    main()
