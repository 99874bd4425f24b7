"""Fonts of a bare machine, and which fonts a page is really drawn with."""

from pathlib import Path
from typing import Any, Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from playwright.async_api import Page

CONFIG: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
WORDS: Final = """
(element) => Array.from(element.childNodes)
  .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("")
"""
ELEMENTS: Final = """
Array.from(document.querySelectorAll("body, body *"))
  .filter((element) => element.checkVisibility())
"""


def only_emoji(folder: Path) -> dict[str, str]:
    """Make a machine whose one font is an emoji font, with digits and blanks as wide as a door.

    Gives the environment of the browser.
    """
    fonts = folder / "fonts"
    fonts.mkdir()
    _emoji_font().save(fonts / "emoji.ttf")
    config = folder / "fonts.conf"
    config.write_text(CONFIG.format(fonts=fonts, cache=folder / "cache"))
    return {"FONTCONFIG_FILE": str(config)}


def _emoji_font() -> FontBuilder:
    pen = TTGlyphPen(None)
    for step, point in enumerate([(100, 0), (100, 700), (900, 700), (900, 0)]):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    box, nothing = pen.glyph(), TTGlyphPen(None).glyph()
    glyphs = {".notdef": nothing, "space": nothing, "digit": box, "calendar": box}
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    digits = dict.fromkeys(range(ord("0"), ord("9") + 1), "digit")
    font.setupCharacterMap({ord(" "): "space", ord("📅"): "calendar", **digits})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1300, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Noto Color Emoji", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    return font


def is_latin(character: str) -> bool:
    """Answer whether the page's own font must have this character."""
    return character < "\u0180" or character in "–—‘’“”…•"


async def foreign_glyphs(page: Page) -> list[tuple[str, str, int]]:
    """List words, font and glyphs wherever more glyphs came from fonts of the machine than
    there are characters that the page's own fonts need not have.
    """
    devtools = await page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        await devtools.send(f"{domain}.enable")
    await devtools.send("DOM.getDocument")
    array = await devtools.send("Runtime.evaluate", {"expression": ELEMENTS})
    listed = await devtools.send(
        "Runtime.getProperties", {"objectId": array["result"]["objectId"], "ownProperties": True}
    )
    found = []
    for each in listed["result"]:
        if each["name"].isdigit():
            found += await _foreign(devtools, each["value"]["objectId"])
    return found


async def _foreign(devtools: Any, element: str) -> list[tuple[str, str, int]]:
    asked = {"objectId": element, "functionDeclaration": f"function() {{ return ({WORDS})(this) }}"}
    words = (await devtools.send("Runtime.callFunctionOn", asked))["result"]["value"]
    if not words.strip():
        return []
    node = await devtools.send("DOM.requestNode", {"objectId": element})
    fonts = (await devtools.send("CSS.getPlatformFontsForNode", node))["fonts"]
    theirs = [each for each in fonts if not each["isCustomFont"]]
    spared = sum(not is_latin(each) for each in words)
    if sum(each["glyphCount"] for each in theirs) <= spared:
        return []
    return [(words, each["familyName"], each["glyphCount"]) for each in theirs]
