"""What holds for every test: no network but this machine, and no clock over Hypothesis."""

import os
import socket
from fcntl import LOCK_EX, flock
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.service.library import Edition
from bot.wiring import load_edition

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def index_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests and all their processes, so that the real index is built once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "index"


@pytest.fixture(scope="session")
def edition(index_cache: Path) -> Edition:
    """The content we ship, with its index; the first process builds it, the others wait for it."""
    index_cache.mkdir(exist_ok=True)
    with (index_cache / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        return load_edition(None, cache=index_cache)


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def refuse_strangers(family: int, address: Any) -> None:
    """Raise unless a connection stays on this machine (R40)."""
    if family == socket.AF_UNIX:
        return
    host = address[0] if isinstance(address, tuple) else address
    try:
        near = host == "localhost" or ip_address(str(host)).is_loopback
    except ValueError:
        near = False
    if not near:
        raise AssertionError(f"a test tried to reach {host}: no other network (R40)")


@pytest.fixture(autouse=True)
def no_other_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever tries to leave this machine."""

    def connect(self: socket.socket, address: Any) -> None:
        refuse_strangers(self.family, address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        refuse_strangers(self.family, address)
        return _connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
