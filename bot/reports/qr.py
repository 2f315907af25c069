"""A square code that a phone turns into a link."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import segno

from bot.service.doors import Door
from bot.service.files import MadeFile

MODULE: Final = 12  # pixels of its smallest square: sharp on a slide, and 6 cm wide at 200 dpi
BORDER: Final = 4  # squares of white around it, ISO/IEC 18004


def qr_png(url: str) -> bytes:
    """A link as a picture; a tenth of it may be hidden or torn, and it still works."""
    made = BytesIO()
    segno.make(url, error="m", micro=False).save(made, kind="png", scale=MODULE, border=BORDER)
    return made.getvalue()


def qr_files(door: Door) -> Sequence[MadeFile]:
    """The picture of the bot's address."""
    made = MadeFile(
        name="pathways-qr.png",
        media_type="image/png",
        content=qr_png(door.url),
        caption=door.caption,
        text_twin=door.twin,
    )
    return (made,)
