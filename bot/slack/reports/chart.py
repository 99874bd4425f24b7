"""A report as a picture: bars that can be read on a phone, and without colours.

It is drawn for a Slack that shows no charts of its own, and only where the drawing library is
installed: it comes with `coachbot[charts]`. The first picture imports it, in the thread that draws:
it takes most of a second, which nobody should wait for who wants no picture.
"""

import io
import logging
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bot import coaching
from bot.slack.blocks.words import clip
from bot.slack.reports.bars import Bar, bars_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

MOST_BARS: Final = 8
SIDE_INCHES: Final = 10.8
DOTS_PER_INCH: Final = 100
INK: Final = "#1b1b1b"
LABEL_ROOM: Final = 290.0
"""Dots to the left of the bars."""
TITLE_ROOM: Final = 1000.0
BAR_ROOM: Final = 720.0
SMALLEST: Final = 13
USUAL_WEIGHT: Final = 400
FONTS: Final = (
    *("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic"),
    *("Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Bengali"),
    *("Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Ethiopic", "Noto Sans KR"),
)
"""The fonts in which words are drawn, as far as they are installed; the first always is."""
BIG: Final = 26
MIDDLE: Final = 20
SMALL: Final = 18


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of session is drawn: a step of lightness and a pattern, besides the colour."""

    words: str
    face: str
    hatch: str
    ink: str


LOOKS: Final[Mapping[str, Look]] = {
    "completed": Look("Completed", "#14404f", "", "#ffffff"),
    "in_progress": Look("In progress", "#5f93a6", "//", INK),
    "planned": Look("Planned", "#c9dfe6", "..", INK),
    "invalid": Look("Needs a new time", "#ffffff", "xx", INK),
}
"""The kinds of which every session is just one, from the darkest to the lightest."""


def draw(report: coaching.Report) -> bytes:
    """Draw a report as a PNG of 1080 by 1080 dots. Not for the event loop: it takes a moment.

    Raises ImportError without the drawing library, and OSError where it finds no place at all for
    its list of fonts; a temporary folder is enough.
    """
    # It warns of a home that cannot be written to, which is how containers are meant to be.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(SIDE_INCHES, SIDE_INCHES), dpi=DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.3, 0.16, 0.62, 0.66))
    whose = _whose(report)
    # The bold letters of a font may be fewer than its usual ones.
    weight = "bold" if whose.isascii() else "normal"
    _fit(_write(figure, 0.04, 0.95, whose, BIG, weight=weight), TITLE_ROOM)
    _write(figure, 0.04, 0.905, report.period.words, MIDDLE)
    if report.total.sessions:
        _fit(_write(figure, 0.04, 0.86, report.summary, SMALL), TITLE_ROOM)
        _draw_bars(axes, _bars(report))
        _draw_legend(figure)
    else:
        axes.set_axis_off()
        words = textwrap.fill(report.summary, 26)
        _write(figure, 0.5, 0.5, words, BIG, ha="center", va="center")
    written = io.BytesIO()
    canvas.print_png(written)  # type: ignore[no-untyped-call]
    return written.getvalue()


def _bars(report: coaching.Report) -> Sequence[Bar]:
    return bars_of(report, most=MOST_BARS, name=_name, week=_week)


def _name(person: coaching.PersonTally, line: int) -> str:
    """Give a name as far as there are letters to draw it, else its line of the table."""
    return drawable(person.name) or f"No. {line} in the table"


def _week(period: coaching.Period) -> str:
    return period.words.replace(" – ", " –\n")


def _whose(report: coaching.Report) -> str:
    return drawable(report.whose) or "Coaching"


def drawable(text: str) -> str:
    """Leave out signs that no font here has; of a text with a letter that none has, everything."""
    missing = {each for each in text if not each.isspace() and not _has_glyph(each)}
    if any(unicodedata.category(each)[0] in "LMN" for each in missing):
        return ""
    return " ".join("".join(each for each in text if each not in missing).split())


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    from matplotlib.font_manager import get_font  # noqa: PLC0415

    return any(get_font(path).get_char_index(ord(character)) for path in _fonts().values())


@lru_cache(maxsize=1)
def _fonts() -> Mapping[str, str]:
    """Find which of the fonts are here: names and paths; the first comes with the library."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    here = {each.name: each.fname for each in fontManager.ttflist if each.weight == USUAL_WEIGHT}
    return {name: here[name] for name in FONTS if name in here}


def _draw_bars(axes: "Axes", bars: Sequence[Bar]) -> None:
    """Draw the bars from the top down, each with its numbers."""
    longest = max((each.tally.sessions for each in bars if not each.is_sum), default=0)
    axes.set_xlim(0, longest * 1.02 or 1)
    axes.set_ylim(max(len(bars), 3) - 0.4, -0.6)
    axes.set_axis_off()
    for place, bar in enumerate(bars):
        _label(axes, place, bar)
        if bar.is_sum:
            said = _write(
                axes, 0, place, textwrap.fill(coaching.say_tally(bar.tally), 44), SMALL, va="center"
            )
            _fit(said, BAR_ROOM)
            continue
        start = 0
        for name, look in LOOKS.items():
            count = getattr(bar.tally, name)
            if count:
                _draw_piece(axes, place, (start, count), look)
            start += count


def _draw_piece(axes: "Axes", place: int, span: tuple[int, int], look: Look) -> None:
    start, count = span
    axes.barh(
        place, count, 0.52, start,
        color=look.face, hatch=look.hatch, edgecolor=INK, linewidth=1.5, label=look.words,
    )  # fmt: skip
    if count >= axes.get_xlim()[1] / 16:
        box = {"facecolor": look.face, "edgecolor": "none", "pad": 2}
        axes.text(
            start + count / 2, place, f"{count:,}",
            ha="center", va="center", fontsize=SMALL, color=look.ink, bbox=box,
        )  # fmt: skip


def _label(axes: "Axes", place: int, bar: Bar) -> None:
    """Write beside a bar whose or when it is, and above it how many and how many are overdue."""
    across = axes.get_yaxis_transform()
    name = _write(axes, -0.03, place, bar.label, SMALL, ha="right", va="center", transform=across)
    _fit(name, LABEL_ROOM)
    if bar.is_sum:
        return
    total = f"{bar.tally.sessions:,}"
    late = f", {bar.tally.overdue:,} overdue" if bar.tally.overdue else ""
    _write(axes, 0, place - 0.33, total + late, SMALL, va="bottom", transform=across)


def _draw_legend(figure: "Figure") -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415

    shown = [
        Patch(facecolor=each.face, hatch=each.hatch, edgecolor=INK, label=each.words)
        for each in LOOKS.values()
    ]
    figure.legend(
        handles=shown, loc="lower center", ncols=2, fontsize=MIDDLE, frameon=False,
        bbox_to_anchor=(0.5, 0.02), handlelength=2.2, handleheight=1.4,
    )  # fmt: skip


def _write(
    where: "Axes | Figure", x: float, y: float, text: str, size: int, **style: Any
) -> "Text":
    """Write words; nothing in them is read as a formula."""
    return where.text(
        x, y, text, fontsize=size, color=INK, parse_math=False,
        fontfamily=list(_fonts()), **style,
    )  # fmt: skip


def _fit(text: "Text", room: float) -> None:
    """Make words smaller until they fit, and cut what would become too small to read."""
    width = text.get_window_extent().width
    if width > room:
        text.set_fontsize(max(SMALLEST, float(text.get_fontsize()) * room / width))
    width = text.get_window_extent().width
    if width > room:
        text.set_text(clip(text.get_text(), max(4, int(len(text.get_text()) * room / width) - 1)))
