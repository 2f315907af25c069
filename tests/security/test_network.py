"""No test, and nothing under test, reaches another machine (R40): the guard bites."""

import socket

import pytest

from tests.conftest import refuse_strangers

FAR = ["192.0.2.1", "10.0.0.1", "8.8.8.8", "example.org", "2001:db8::1", "224.0.0.1"]
NEAR = ["127.0.0.1", "127.9.9.9", "localhost", "::1"]


@pytest.mark.parametrize("host", FAR)
def test_another_machine_is_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for method in ("connect", "connect_ex"):
        with socket.socket(family) as tried, pytest.raises(AssertionError, match="R40"):
            getattr(tried, method)((host, 443))


@pytest.mark.parametrize("host", NEAR)
def test_this_machine_is_not(host: str) -> None:
    refuse_strangers(socket.AF_INET6 if ":" in host else socket.AF_INET, (host, 80))


def test_a_socket_file_of_this_machine_is_allowed() -> None:
    refuse_strangers(socket.AF_UNIX, "/anywhere.sock")
    with socket.socket(socket.AF_INET) as server, socket.socket(socket.AF_INET) as client:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        client.connect(server.getsockname())
