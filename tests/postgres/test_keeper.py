"""Root's tests run PostgreSQL as somebody else, who may not enter everywhere."""

from pathlib import Path

from tests.postgres import keeper


def test_programs_in_a_closed_home_are_lent_to_who_runs_them(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "cluster"
    found = home / keeper.PACKAGE / "pginstall" / "bin"
    found.mkdir(parents=True)
    (found / "initdb").write_text("the program")
    (home / f"{keeper.PACKAGE}.libs").mkdir()
    home.chmod(0o700)
    keeper.lend(found, folder)
    lent = keeper.programs(folder)
    assert lent.is_relative_to(folder)
    assert (lent / "initdb").read_text() == "the program"
    assert (lent.parents[2] / f"{keeper.PACKAGE}.libs").is_dir(), "found from where they lie"


def test_programs_of_the_system_are_used_where_they_are(tmp_path: Path) -> None:
    home = tmp_path / "usr" / "lib" / "bin"
    home.mkdir(parents=True)
    keeper.lend(home, tmp_path / "cluster")
    assert not (tmp_path / "cluster").exists()
    assert keeper.programs(tmp_path / "cluster") == keeper.binaries()
