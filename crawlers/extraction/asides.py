"""What stands within an article and is none of its running text: captions, fact boxes, disclaimers, scrambled text."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element

from crawlers.extraction.blocks import Block

CLOSE = 2  # elements, the block's own the first, whose names tell what kind of text it is
REACH = 6  # elements outwards from a block within which it is looked for
BOX = re.compile(
    r"(?<![a-z])(?:fact|fakta|fakten|info)[-_]?(?:box|boks|kasten|ruta)|(?<![a-z])(?:disclaimer|disclosure)|boilerplate|"
    r"(?:^|[\s_-])(?:sources|references|footnotes|bibliography|quellen)(?=$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"(?:^|\s)d-none(?=\s|$)(?!.*\bd-\w+-(?:block|flex|inline))")  # at every width of the screen
CAPTION = re.compile(
    r"(?:^|[\s_-]|image|img|photo|picture|media|figure|gallery|video|foto|bild)caption(?:[-_]?text)?(?=\s|$)",
    re.IGNORECASE,
)
PICTURE = re.compile(
    r"(?:image|img|bild|photo|picture|foto|gallery|carousel|slide|lightbox)[a-z]*[_-]*"
    r"(?:widget|info|description|desc|beschreibung|legend)|bildunterschrift|bildtext|bildtekst|didascalia|cutline",
    re.IGNORECASE,
)
SCRAMBLED = re.compile(r"\bobfuscated\b")


def is_aside(block: Block, holder: _Element | None) -> bool:
    """The block is in a box of its own within `holder`, goes with a picture, or is text that nobody can read.

    The element that holds the paragraphs, and what is around it, is no aside, whatever it is called.
    """
    element: _Element | None = block.element
    for near in range(REACH):
        if element is None or element is holder or element.tag == "blockquote":
            return False
        if element.tag == "figcaption":
            return True
        name, identity = element.get("class"), element.get("id")
        if (name or identity) and _is_named(name or "", identity or "", near < CLOSE):
            return True
        element = element.getparent()
    return False


@lru_cache(maxsize=20_000)
def _is_named(name: str, identity: str, close: bool) -> bool:
    if BOX.search(name) is not None or BOX.search(identity) is not None or HIDDEN.search(name) is not None:
        return True
    return close and any(one.search(name) is not None for one in (CAPTION, PICTURE, SCRAMBLED))
