import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def bound_folder() -> Iterator[Path]:
    """A folder of one's own, in a process that permissions bind: root takes its coat off meanwhile."""
    was = os.geteuid()
    with tempfile.TemporaryDirectory(prefix="bound-") as name:
        folder = Path(name)
        if was == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            if not os.access(folder, os.W_OK, effective_ids=True):
                pytest.skip("nobody but root may enter the folder for temporary files")
            yield folder
        finally:
            os.seteuid(was)
            folder.chmod(0o700)
