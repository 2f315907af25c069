"""`pathways flow`: show a flow, check it, play it in the terminal, bring it to a spreadsheet and back."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.extras import extra
from bot.cli.flow_play import play_flow
from bot.errors import ContentError, Refused
from bot.flows.drawing import mermaid, outline
from bot.flows.loading import lint_flows, load_flow
from bot.flows.model import Flow
from bot.flows.xlsform import from_sheets, to_sheets
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.wiring import flow_texts, load_content

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(name="flow")
def command() -> None:
    """Show, check, play, draw, export and import flows: guided conversations as YAML files."""


@command.command()
@click.argument("flow")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="A Mermaid flowchart.")
def show(flow: str, *, as_mermaid: bool) -> int:
    """A map of a flow: a file, or the id of one we ship."""
    found = _flow(flow)
    click.echo(mermaid(found) if as_mermaid else outline(found), nl=False)
    return 0


@command.command()
@click.argument("files", nargs=-1, type=FILE)
def check(files: tuple[Path, ...]) -> int:
    """Every mistake in some flow files, or in all there are. Exits with 1 where there is one."""
    texts = {str(file): _read(file) for file in files} or flow_texts(load_settings().knowledge)
    problems = lint_flows(texts)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(texts)} flows, {len(problems)} mistakes")
    return 1 if problems else 0


@command.command()
@click.argument("flow")
def play(flow: str) -> int:
    """Answer a flow in the terminal. Nothing is kept."""
    settings = load_settings()
    return play_flow(_flow(flow), SystemClock().now().astimezone(ZoneInfo(settings.timezone)))


@command.command()
@click.argument("flow")
@click.option("--out", type=FILE, required=True, help="The web page to write.")
def storyboard(flow: str, out: Path) -> int:
    """Write every screen of a flow, as Telegram and Slack show it, into one web page."""
    from bot.cli import storyboard, storyboard_page  # noqa: PLC0415 - the channels take their time

    settings = load_settings()
    found, content = _flow(flow), load_content(settings.knowledge)
    now = SystemClock().now().astimezone(ZoneInfo(settings.timezone))
    screens = storyboard.screens(found, content, now)
    try:
        out.write_text(storyboard_page.page(found, screens, content.wording), encoding="utf-8")
    except OSError as error:
        raise Refused(f"{out} cannot be written ({error.strerror}).") from None
    click.echo(f"Wrote {out}: {len(screens)} screens")
    return 0


@command.command()
@click.argument("flow")
@click.argument("target", type=FILE)
def export(flow: str, target: Path) -> int:
    """Write a flow as an XLSForm workbook, which Kobo and ODK open."""
    with extra("reports"):
        from bot.reports.xlsform_workbook import write_workbook  # noqa: PLC0415 - it is optional

    target.write_bytes(write_workbook(to_sheets(_flow(flow))))
    click.echo(f"Wrote {target}")
    return 0


@command.command(name="import")
@click.argument("workbook", type=FILE)
@click.argument("target", type=FILE)
def import_(workbook: Path, target: Path) -> int:
    """Turn an XLSForm workbook into a flow file, and list what it cannot keep."""
    with extra("reports"):
        from bot.reports.xlsform_workbook import read_workbook  # noqa: PLC0415 - it is optional

    if target.exists():
        raise Refused(f"{target} is there already. Name another file, or delete it first.")
    try:
        data = workbook.read_bytes()
    except OSError:
        raise Refused(f"{workbook} cannot be read.") from None
    made = from_sheets(read_workbook(data), workbook.stem)
    target.write_text(made.text, encoding="utf-8")
    for left_out in made.unsupported:
        click.echo(f"Left out: {left_out}")
    for problem in lint_flows({str(target): made.text}):
        click.echo(str(problem))
    click.echo(f"Wrote {target}")
    return 0


def _flow(wanted: str) -> Flow:
    """A flow by its file, or by its id among those there are."""
    path = Path(wanted)
    texts = flow_texts(load_settings().knowledge)
    if path.suffix in {".yaml", ".yml"} or path.exists():
        texts = {wanted: _read(path)}
    for file, text in texts.items():
        loaded = load_flow(text, file)
        if loaded.flow and (len(texts) == 1 or loaded.flow.id == wanted):
            return loaded.flow
        if loaded.problems and (len(texts) == 1 or Path(file).stem == wanted):
            raise ContentError(loaded.problems)
    known = ", ".join(sorted(Path(file).stem for file in texts)) or "none yet"
    raise Refused(f"There is no flow `{wanted}`. There is: {known}; or name a file.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{path} cannot be read.") from None
