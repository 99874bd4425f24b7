"""The house rules that no linter knows: sizes, names, quiet imports, front ends at the front door.

The direction of imports between packages is import-linter's, in pyproject.toml.
"""

import ast
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
LONGEST_FILE: Final = 400
THE_FRONT: Final = Path("bot/coaching/__init__.py")
"""A list of everything that can be done and said: it grows with the house, and is read by name."""
LONGEST_FUNCTION: Final = 40
USUAL_FUNCTION: Final = 10

VAGUE: Final = frozenset(
    "util utils helper helpers manager managers service services handler handlers".split()
)
# Calls that only make a value; any other call at the top of a module must be marked Final.
PURE: Final = frozenset(
    "NewType TypeVar ParamSpec TypeVarTuple TypeAliasType getLogger get_logger compile "
    "frozenset tuple MappingProxyType date datetime time timedelta Path namedtuple "
    "NamedTuple".split()
)
# Calls that begin work, so that not even Final excuses them.
WORKING: Final = frozenset(
    "create_engine create_async_engine sessionmaker AsyncApp App AsyncWebClient WebClient "
    "AsyncClient Client Starlette AsyncIOScheduler Thread ThreadPoolExecutor Lock RLock Event "
    "open read_text read_bytes getenv now today run connect from_env".split()
)
READ_ONLY: Final = frozenset("Final Mapping Sequence Collection Iterable".split())
DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
FRONT: Final = "bot.coaching"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file of Python: where it stands and what it says."""

    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.text)

    def at(self, node: ast.stmt | ast.expr, said: str) -> str:
        return f"{self.path}:{node.lineno}: {said}"

    def stands_in(self, *folders: str) -> bool:
        return any(self.path.is_relative_to(folder) for folder in folders)


Check = Callable[[Source], Iterator[str]]

# What tells the time, and what goes by the true clock unless it is given another.
TELLS_THE_TIME: Final = frozenset(
    "datetime.now datetime.utcnow datetime.today date.today time.time time.time_ns time.localtime "
    "time.gmtime time.ctime time.asctime time.strftime".split()
)
TRUE_CLOCKS: Final = frozenset("system_clock real_now".split())
GIVEN_A_CLOCK: Mapping[str, str] = {
    "Context": "clock",
    "opened_context": "clock",
    "built": "clock",
    "playing": "clock",
    "Sandbox": "clock",
    "SandboxClock": "real",
}
CLOCKS_OF_TESTS: Final = Path("tests/clocks.py")
FROM_THEM: Final = frozenset("true_now true_sandbox_clock signed_at working_noon".split())
GO_BY_THE_TRUE_CLOCK: Final = (
    "tests/attacks",  # a process of the bot
    "tests/parity/slack_room.py",  # signatures, which Slack's library checks
    "tests/operating",
    "tests/replicas",  # processes of the bot
    "tests/slack/test_signed.py",
    "tests/slack/test_strange_requests.py",
    "tests/storage/test_columns.py",  # the clock of a database
    "tests/test_cli.py",  # commands
    "tests/test_health.py",
)


@cache
def parse(text: str) -> ast.Module:
    return ast.parse(text)


def find_sources(*tops: str) -> list[Source]:
    wanted = tops or ("bot", "storage")
    paths = sorted(path for top in wanted for path in (ROOT / top).rglob("*.py"))
    return [Source(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths]


def find_functions(source: Source) -> Iterator[Function]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def count_lines(function: Function) -> int:
    """The lines of a function from its `def` to its end, its docstring left out."""
    first = function.body[0]
    described = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if described else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def name_of(node: ast.expr) -> str:
    """The last word of a dotted, called or subscripted name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return name_of(inner)
    return ""


def find_long_files(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    is_list = source.path == THE_FRONT or source.stands_in("storage/migrations")
    if lines > LONGEST_FILE and not is_list:
        yield f"{source.path}: {lines} lines, at most {LONGEST_FILE}"


def find_long_functions(source: Source) -> Iterator[str]:
    if source.stands_in("storage/migrations"):
        return
    for function in find_functions(source):
        if (lines := count_lines(function)) > LONGEST_FUNCTION:
            yield source.at(
                function, f"{function.name} has {lines} lines, at most {LONGEST_FUNCTION}"
            )


def find_vague_names(source: Source) -> Iterator[str]:
    for part in source.path.with_suffix("").parts:
        if VAGUE & set(part.lower().split("_")):
            yield f"{source.path}: {part} does not say what it is about"


def find_work_at_import(source: Source) -> Iterator[str]:
    if not source.stands_in("storage/migrations"):
        yield from find_restless(source, source.tree.body)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Global):
                yield source.at(node, "state of a module is changed")


def find_restless(source: Source, body: list[ast.stmt]) -> Iterator[str]:
    """Statements of a module's body that do more than name things."""
    for node in body:
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
            case ast.If(body=then, orelse=otherwise):
                yield from find_restless(source, then + otherwise)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield from find_restless_value(source, node, value)
            case ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None) | ast.Pass():
                continue
            case ast.Import() | ast.ImportFrom() | ast.ClassDef():
                continue
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                continue
            case _:
                yield source.at(node, "work is done when the module is imported")


def find_restless_value(
    source: Source, node: ast.Assign | ast.AnnAssign, value: ast.expr
) -> Iterator[str]:
    annotation = name_of(node.annotation) if isinstance(node, ast.AnnAssign) else ""
    exported = isinstance(node, ast.Assign) and name_of(node.targets[0]) == "__all__"
    if isinstance(value, DISPLAYS) and annotation not in READ_ONLY and not exported:
        yield source.at(node, "can be changed: make it a tuple or frozenset, or mark it Final")
    if isinstance(value, ast.Call):
        called = name_of(value.func)
        if called in WORKING:
            yield source.at(node, f"{called} is called when the module is imported")
        elif called not in PURE and annotation != "Final":
            yield source.at(node, f"{called} is called at import: mark a constant Final")


def find_side_doors(source: Source) -> Iterator[str]:
    """Imports by which Slack or REST would go past the front of `bot.coaching`."""
    if not source.stands_in("bot/slack", "bot/rest"):
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names):
                modules = [name_imported(module or "", alias.name) for alias in names]
            case ast.Attribute(value=ast.Name(id="coaching"), attr=attr):
                modules = [name_imported(FRONT, attr)]
            case _:
                continue
        for module in filter(is_behind_the_front, modules):
            yield source.at(node, f"{module} stands behind the front of {FRONT}")


def find_true_clocks(source: Source) -> Iterator[str]:
    """Whatever in a test would come to something else at another hour, or in another zone."""
    if source.path == CLOCKS_OF_TESTS or not source.stands_in("tests"):
        return
    if source.stands_in("tests/bench", "tests/chaos", "tests/anywhen.py"):
        return
    allowed = FROM_THEM if source.stands_in(*GO_BY_THE_TRUE_CLOCK) else frozenset()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.expr) and (said := reading_the_time(node)):
            yield source.at(node, f"{said} goes by the true clock: take one from {CLOCKS_OF_TESTS}")
        elif isinstance(node, ast.Name) and node.id in FROM_THEM - allowed:
            yield source.at(node, f"{node.id} is for {', '.join(GO_BY_THE_TRUE_CLOCK)}")


def reading_the_time(node: ast.expr) -> str:
    """What in an expression tells the true time; nothing where it does not."""
    match node:
        case ast.Attribute(value=of, attr=name) if f"{name_of(of)}.{name}" in TELLS_THE_TIME:
            return f"{name_of(of)}.{name}"
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in TRUE_CLOCKS:
            return name
        case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
            return "astimezone without a zone"
        case ast.Call(func=called, keywords=given) if name_of(called) in GIVEN_A_CLOCK:
            wanted = GIVEN_A_CLOCK[name_of(called)]
            if not {wanted, None} & {each.arg for each in given}:
                return f"{name_of(called)} without {wanted}="
    return ""


def name_imported(module: str, name: str) -> str:
    """The module that `from module import name` reaches into: a name on display is the front's."""
    if module == FRONT and (name in find_displayed() or not is_module(name)):
        return FRONT
    return f"{module}.{name}"


def is_module(name: str) -> bool:
    folder = ROOT / "bot" / "coaching"
    return (folder / f"{name}.py").exists() or (folder / name).is_dir()


@cache
def find_displayed() -> frozenset[str]:
    """The names in `bot.coaching.__all__`."""
    front = ROOT / "bot" / "coaching" / "__init__.py"
    for node in parse(front.read_text(encoding="utf-8") if front.exists() else "").body:
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def is_behind_the_front(module: str) -> bool:
    top, _, _ = module.partition(".")
    return top in {"storage", "sqlalchemy"} or module.startswith(f"{FRONT}.")


def find_events_in_text(source: Source) -> Iterator[str]:
    """Log lines that write an event as one text, where its facts lose what they are."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=str(said)) if said.startswith("event="):
                yield source.at(node, 'log = get_logger(__name__); log.info("Started", mode=mode)')
            case ast.Call(func=ast.Attribute(attr="getLogger"), args=[ast.Name(id="__name__")]) if (
                source.stands_in("bot")
            ):
                yield source.at(node, "from bot.logger import get_logger; get_logger(__name__)")


CHECKS: Final = (
    find_long_files,
    find_long_functions,
    find_vague_names,
    find_work_at_import,
    find_side_doors,
    find_events_in_text,
)


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_is_in_order(check: Check) -> None:
    offences = [offence for source in find_sources() for offence in check(source)]
    assert not offences, "\n" + "\n".join(offences)


def test_no_test_goes_by_the_true_clock() -> None:
    tests = find_sources("tests")
    offences = [offence for source in tests for offence in find_true_clocks(source)]
    assert not offences, "\n" + "\n".join(offences)


def test_functions_are_usually_short() -> None:
    lengths = [count_lines(each) for source in find_sources() for each in find_functions(source)]
    assert statistics.median(lengths or [0]) <= USUAL_FUNCTION


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (find_long_files, "bot/long.py", "\n" * (LONGEST_FILE + 1)),
        (find_long_functions, "bot/a.py", "def f():\n" + "    f()\n" * LONGEST_FUNCTION),
        (find_vague_names, "bot/slack/date_utils.py", ""),
        (find_vague_names, "bot/helpers/dates.py", ""),
        (find_work_at_import, "bot/a.py", "seen = []"),
        (find_work_at_import, "bot/a.py", "seen: dict[str, int] = {}"),
        (find_work_at_import, "bot/a.py", "if True:\n    engine: Final = sa.create_engine('x')"),
        (find_work_at_import, "bot/a.py", "CLIENT = build()"),
        (find_work_at_import, "bot/a.py", "logging.basicConfig()"),
        (find_work_at_import, "bot/a.py", "def f():\n    global seen\n    seen = 1"),
        (find_events_in_text, "bot/a.py", 'log.info("event=Started mode=%s", mode)'),
        (find_events_in_text, "bot/a.py", 'said = "event=Started"'),
        (find_events_in_text, "bot/a.py", "log = logging.getLogger(__name__)"),
        (find_side_doors, "bot/slack/a.py", "from storage import types"),
        (find_side_doors, "bot/rest/a.py", "def f():\n    import sqlalchemy.orm"),
        (find_side_doors, "bot/rest/a.py", "import bot.coaching.anything"),
        (find_side_doors, "bot/slack/a.py", "from bot.coaching.anything import x"),
        (find_true_clocks, "tests/a.py", "datetime.now(UTC)"),
        (find_true_clocks, "tests/a.py", "dt.date.today()"),
        (find_true_clocks, "tests/a.py", "use(clock=time.time)"),
        (find_true_clocks, "tests/a.py", "use(clock=coaching.system_clock)"),
        (find_true_clocks, "tests/a.py", "moment.astimezone()"),
        (find_true_clocks, "tests/a.py", "coaching.Context(store=store)"),
        (find_true_clocks, "tests/a.py", "SandboxClock()"),
        (find_true_clocks, "tests/a.py", "starts_at = working_noon()"),
    ],
)
def test_each_check_finds_what_it_looks_for(check: Check, path: str, text: str) -> None:
    assert len(list(check(Source(Path(path), text)))) == 1


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (find_long_functions, "bot/a.py", "def f():\n" + "    f()\n" * (LONGEST_FUNCTION - 1)),
        (find_work_at_import, "bot/a.py", "TABLE: Final = {'a': 1}\nlog = logging.getLogger('a')"),
        (find_work_at_import, "bot/a.py", "if __name__ == '__main__':\n    main()"),
        (
            find_side_doors,
            "bot/slack/a.py",
            "from bot.coaching import book\nfrom bot import coaching",
        ),
        (find_side_doors, "bot/delivery/a.py", "from storage import types"),
        (find_true_clocks, "tests/a.py", "time.monotonic()\nmoment.astimezone(UTC)"),
        (find_true_clocks, "tests/a.py", "Context(store=store, clock=clock)\nbuilt(**given)"),
        (find_true_clocks, "tests/replicas/a.py", "starts_at = working_noon()"),
        (find_true_clocks, "tests/bench/a.py", "datetime.now(UTC)"),
    ],
)
def test_each_check_leaves_good_code_alone(check: Check, path: str, text: str) -> None:
    assert list(check(Source(Path(path), text))) == []


IMPORT_EVERYTHING: Final = """
import importlib, pkgutil, sys, threading

work = {"socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.mkdir"}

def refuse(event, details):
    writes = event == "open" and set(details[1] or "") & set("wax+")
    if writes or event in work:
        raise RuntimeError(f"{event} while importing: {details}")

import bot, storage
sys.addaudithook(refuse)
for package in (bot, storage):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "migrations" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
sys.exit(threading.active_count() - 1)
"""


def test_importing_every_module_opens_nothing_and_starts_nothing() -> None:
    started = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", IMPORT_EVERYTHING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
