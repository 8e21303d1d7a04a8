"""What outlets write around their texts: the expressions that several modules look for, without regard to case."""

from __future__ import annotations

from crawlers.extraction.vocabulary import any_of, words

LABELS = any_of("lines.labels")
# The same of buttons, which stand before no colon: "Назад: как город стал портом" is a heading.
BUTTONS = any_of("lines.buttons")
# What stands before a colon and the words under which an article is filed.
KEYWORDS = any_of("lines.keywords")
# What stands before a colon and a number of readers.
COUNTED = any_of("lines.counters")
# Networks and channels in them; small letters.
NETWORKS = tuple(sorted(words("promotion.networks")))
# How readers, and nobody else, are asked to come there: plural imperatives.
FOLLOW = any_of("promotion.follow")
# How readers are told that all the rest of the news is there.
ALL_NEWS = any_of("promotion.all_news")
# The terms of use of the outlet's texts.
REUSE = any_of("reuse.terms")
# What stands before a colon and the name of where a text comes from.
SOURCE = f"(?:{any_of('reuse.source_labels')})"
