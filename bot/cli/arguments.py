"""How arguments are parsed and help is written: argparse, with sentences that help on."""

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NoReturn, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """A parser that refuses in a sentence, and suggests the command that was probably meant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message: str) -> NoReturn:
        """Refuse, and say where the help is."""
        self.exit(2, f"{self.prog}: {message}\nFor help: {self.prog} --help\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        choices = action.choices
        if isinstance(action, argparse._SubParsersAction) and choices and value not in choices:
            near = difflib.get_close_matches(value, list(choices), n=1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise argparse.ArgumentError(None, f"there is no command “{value}”.{meant}")
        super()._check_value(action, value)


class ShowVersion(argparse.Action):
    """Print the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and leave."""
        print(f"coachbot {resolve_name('bot.version:version')()}")
        parser.exit()


def add_command(
    actions: Commands, name: str, run: str, sentence: str, *, example: str, details: str = ""
) -> Parser:
    """Add a command whose code is `run`, a `module:function`."""
    parser = actions.add_parser(
        name,
        help=sentence,
        description="\n\n".join(filter(None, (_as_sentence(sentence), details))),
        epilog=f"example:\n  {example}",
    )
    parser.set_defaults(command=run)
    add_env_file(parser, default=argparse.SUPPRESS)
    return parser


def add_group(actions: Commands, name: str, sentence: str) -> Commands:
    """Add a command that has commands of its own; alone it prints its help."""
    parser = actions.add_parser(name, help=sentence, description=_as_sentence(sentence))
    parser.set_defaults(without_command=parser)
    return parser.add_subparsers(metavar="COMMAND", title="commands")


def add_env_file(parser: argparse.ArgumentParser, *, default: object) -> None:
    """Take `--env-file` before the command and after it."""
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        default=default,
        help="read settings from this file; what the environment sets already wins",
    )


def port(text: str) -> int:
    """Read the number of a port."""
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


def columns_as_text(columns: Sequence[tuple[str, str]]) -> str:
    """Write names and what they mean below one another."""
    width = max(len(name) for name, _ in columns)
    return "\n".join(f"  {name:<{width}}  {meaning}" for name, meaning in columns)


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
