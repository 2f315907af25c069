"""`pathways`: one command per module, each loaded only when it is used.

Exit status: 0 well, 1 content or thresholds fail, 2 usage, 3 settings, 4 store or lock, 130 Ctrl-C.
"""

import gc
import os
import sys
from importlib import import_module
from typing import Any, Final

import click

from bot.errors import BotError

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one question needs no more

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "chat": ("bot.cli.chat", "Talk to the bot in this terminal."),
    "ask": ("bot.cli.ask", "Answer questions, one outcome each."),
    "eval": ("bot.cli.evaluate", "Measure the answers to a file of questions."),
    "check": ("bot.cli.check", "Lint all content: file, line, what is wrong, what to do."),
    "misses": ("bot.cli.misses", "What could not be answered: list, decide, draft, try out."),
    "content": ("bot.cli.content", "Earlier states of a folder of content: list, go back."),
    "flow": ("bot.cli.flow", "Show, check, play, export and import flows."),
    "stale": (
        "bot.cli.stale",
        "List every fact that is past its shelf life or was never checked.",
    ),
    "run": ("bot.cli.run", "Start every channel that is configured."),
    "doctor": (
        "bot.cli.doctor",
        "Look for what would bite later: settings, disk, clock, content.",
    ),
    "survey": ("bot.cli.survey", "List the surveys of a branch; close one."),
    "map": ("bot.cli.map", "Workplace maps: show, put a list on one, write one as a file."),
    "export": ("bot.cli.export", "Write the results of a closed survey as files."),
    "branch": ("bot.cli.branch", "Add and list branches."),
    "invite": ("bot.cli.invite", "Make a one-time code that grants a role."),
    "erase": ("bot.cli.erase", "Delete everything about one person."),
    "migrate-store": ("bot.cli.migrate_store", "Move everything to another database."),
    "backup": ("bot.cli.backup", "Write an encrypted copy of the database."),
    "restore": ("bot.cli.restore", "Put a backup in the place of the database."),
    "incident": ("bot.cli.incident", "After a breach: whose data, and which, may have been read."),
    "retention": ("bot.cli.retention", "Show how long data is kept; purge what is older."),
}


class _Commands(click.Group):
    """A group whose commands are imported when they are called, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(  # click's signature
        self,
        ctx: click.Context,  # noqa: ARG002 - see above
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101 - a slip of ours, not of a person
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Do the command; a reader that has gone away, such as `head`, is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pathways-bot", prog_name="pathways")
def pathways() -> None:
    """Pathways answers questions about professional registration for technicians."""


def main() -> None:
    """Run the command line; every error of ours is one clear sentence and a status, no traceback."""
    try:
        status = pathways.main(prog_name="pathways", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BotError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    gc.freeze()  # it goes with the process: Python need not look through all of it at the end
    sys.exit(status if isinstance(status, int) else 0)
