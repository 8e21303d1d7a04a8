"""The keys of the vocabulary, and what each is for. Loaded by every worker: `schema` makes pydantic's models of it."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    """One section of a file: what it is for, and what each of its keys is for."""

    about: str
    keys: dict[str, str]


Sections = dict[str, Section]

# Of the file of a language. `key` holds phrases, `key_patterns` regular expressions of the same kind.
LANGUAGE: Sections = {
    "lines": Section(
        "Lines that stand around articles.",
        {
            "labels": "a line, or what stands before a colon, that leads elsewhere: read more, comments, advertisement",
            "buttons": "the same of buttons, which stand before no colon: back, print, next article",
            "keywords": "what stands before a colon and the words under which an article is filed: tags, section",
            "before_colon": (
                "words that are a label before a colon alone, and begin sentences otherwise: more, watch, photo"
            ),
            "counters": "what stands before a colon and a number: views",
        },
    ),
    "promotion": Section(
        "Lines that promote what the outlet offers.",
        {
            "networks": "networks and channels: small letters, found within words too",
            "follow": "how readers are asked to come there: imperatives",
            "all_news": "how readers are told that the rest of the news is there",
            "openings": "how a line begins that promotes, where it is no sentence",
            "letters": "what an outlet offers: newsletters, channels",
            "taking": "whole words: what is to be done with the offer: sign up, receive",
            "reader": "whole words: who is spoken to: you, our, here",
            "before_call": "words before a call: please, also",
            "calls": "how a sentence begins that asks to follow or subscribe",
            "call_channels": "what such a sentence names behind its call",
            "contact": "requests to write, in a line with an address of mail or a name in a network",
            "here": "the last word of a sentence that is the label of a link: here",
            "here_verbs": "the first word of such a sentence: read, watch",
            "reports_mistake": "requests to report a mistake",
            "always": "what no article says, anywhere in a line",
            "beginnings": "how no line of an article begins",
            "appeals": "how readers are asked for money, in the last lines of a text",
            "offers": (
                "rules of two signs: one of `words` anywhere in a line, and `pattern`, in a line that speaks to "
                "the reader"
            ),
        },
    ),
    "reuse": Section(
        "Terms of use and sources.",
        {
            "terms": "how a line begins that states the terms of use of the texts",
            "source_labels": "what stands before a colon and the name of the source of a text",
        },
    ),
    "speech": Section(
        "Speech: a line in which somebody says something is news.",
        {
            "said": "whole words: verbs and phrases of reported speech",
            "said_within": "the same in scripts without spaces between words",
        },
    ),
    "closing": Section(
        "Lines that close an article.",
        {
            "start": (
                "how a line begins that closes an article: copyright, editor, phone; {capital} is a name's first letter"
            ),
            "translated": "what stands before the name of a translator",
            "anywhere": "what such a line has anywhere",
            "fragments": "how such a line begins where it is no sentence",
        },
    ),
    "captions": Section(
        "Lines that go with a picture.",
        {
            "pictures": "words for pictures and whose they are, before a colon and a name",
            "pictures_uncased": "the same in scripts without capitals, where a name cannot be told by its first letter",
            "of_nobody": "captions that name nobody: file photo, photo from open sources",
            "start": "how else a caption begins; {capital} is a name's first letter",
            "fragments": "the same where the line is no sentence",
        },
    ),
    "dates": Section(
        "Date lines and dates.",
        {
            "reading_time": "what stands before the time that reading takes",
            "minutes": "minutes, as in: 3 min",
            "of_reading": "what stands behind such minutes: read, listen",
            "before_issued": "words before the label of a date: first, last",
            "issued": "labels of a date: published, updated",
            "after_issued": "prepositions behind such a label: on",
            "thousands": "thousand behind a number of readers, shortened",
            "read_counts": "what stands behind a number of readers: views",
            "relative_days": "today and yesterday",
            "before_clock": "words between such a day and a time: at",
            "ago": "whole words: how long ago something was: ago",
            "words": "words of a date line that are no month: labels, prepositions, units",
            "before_date": "words that lead to a date behind a name: updated, on, Monday",
            "after_year": "what stands between the year of a date and a day or month behind it: year",
            "month_locales": "locales of Unicode CLDR whose month names are those of this language",
            "months_extra": (
                "month names that CLDR lacks: inflections, short forms, spellings; the number of the month before them"
            ),
            "months_without": "names that CLDR has and that are left out, being other words as well",
            "month_endings": "endings of month names in dates, put behind any of them",
            "solar_months": (
                "months of the solar calendar of Iran and Afghanistan, in order; the names of one month parted "
                "by spaces"
            ),
        },
    ),
    "walls": Section(
        "Pages that are no article.",
        {
            "sorry": "words before such a message: sorry, oops",
            "challenge": "what a page of a bot wall says",
            "denied": "lines that say that access is denied; whole lines, since articles tell of such things too",
            "consent": "what a page says that asks for consent to cookies",
            "not_found": "what a page says, in its title or first lines, that was not found or does not work",
            "missing": "lines that say that a page is missing; whole lines, since articles tell of such things too",
            "needs_script": "what a page says that needs JavaScript",
            "subscribers_line": "how a line begins that says that the rest is for subscribers",
            "subscribers_short": "the same anywhere in a line, beside a short text",
            "paywall": "the same anywhere in a page that has next to no text",
        },
    ),
    "authors": Section(
        "Bylines and names of persons.",
        {
            "writers": "labels of the writer, which stand before a name anywhere on a page",
            "of_text": "labels that are said of letters and other texts too, and count above the text alone",
            "before_name": "what stands before a name in a byline, and means other things elsewhere: by, from",
            "joins": "words that join two names and are no part of one",
            "joins_behind_comma": "words that join two names behind a comma alone",
            "may_join": "words that join two names or the parts of one; patterns as they stand, between spaces",
            "first_and": "words that join, at the beginning of what follows a name",
            "before_place": "prepositions behind a name and before a place",
            "editing": "what stands before a colon and the name of an editor",
            "pictures": "what stands before a colon and who made the pictures",
            "others_did": "what others did for an article, before `by`: additional reporting, photographs",
            "helped_by": "the same with its own word for `by`: traduit par",
            "about": "what stands before a name over a box: about the author, written by",
            "told_to": "what stands before the name of a ghost-writer",
            "roles": "whole words: what persons are, which is no name: editor, correspondent",
            "qualifiers": "words between a name and what the person is: senior, political",
            "groups": "whole words in names of desks, outlets and organisations, and debris of bylines",
            "notices": "whole words of captions and buttons that stand where names do",
            "article_words": "words that no name begins with",
            "particles": "small words within names: von, bin",
            "glued_particles": "particles that are joined to a name by a hyphen or an apostrophe",
            "label_or_name": "labels that are the first words of names as well",
            "surname_starts": "those of them that begin surnames",
            "not_in_names": "words that no name holds that stands alone: articles, prepositions",
            "place_starts": "first words of places of two words: North, San",
            "places": "cities and countries of two words and more, which look like a name behind a name",
            "behind_name": "what is glued to the end of a name and no part of it, but an agency",
            "group_signs": "signs of outlets and desks, in scripts without spaces between words",
            "role_signs": "what persons are, at the end of a name in such scripts",
        },
    ),
    "credits": Section(
        "Agencies and outlets to which a text is credited.",
        {
            "byline_labels": "what opens a byline that may name an agency",
            "reported": (
                "how a text is said to come from somebody, the group `who`; case matters; for {name}, "
                "{quoted_name}, {open}, {close}, {capitals} see credit.py"
            ),
            "before_agency": "what stands between a place and an agency's name: the word for agency, shortened",
            "media": "words in names of media",
        },
    ),
    "listings": Section(
        "Pages that list articles.",
        {
            "next_page": "links to the next page of a listing",
        },
    ),
    "html": Section(
        "Words of the language in classes, ids and addresses; those of English are in html_classes.toml.",
        {
            "furniture": "names of elements that are no part of an article",
            "comments": "names of what readers wrote",
            "foreign": "names of elements of other articles, whatever their length",
            "bylines": "names of bylines",
            "dates": "names of dates, parts of words too",
            "captions": "names of captions",
            "subheadings": "names of subheadings that are no heading by their tag",
            "author_paths": "steps of the address of an author's page",
            "changed": "names and labels of a date that is not of publication",
        },
    ),
    "recognition": Section(
        "How the language is recognised.",
        {
            "scripts": (
                "scripts in which it is written, if not in Latin or a script of its own: cyrillic, arabic, han, "
                "devanagari"
            ),
            "also_latin": "true where it is written in one of these scripts and in Latin",
            "letters": (
                "letters that it alone writes, by script; of several that fit, the one with the lowest `rank` counts"
            ),
            "common_words": "its most common words",
            "scripts_of_others": (
                "languages without a file, by the script in which they are written; latin: in Latin as well"
            ),
        },
    ),
}
# Of html_classes.toml.
HTML_CLASSES: Sections = {
    "elements": Section(
        "Names of elements, by their classes and ids.",
        {
            "furniture": (
                "names of elements that are no part of an article: whole words; two that belong together joined "
                "by a hyphen"
            ),
            "unseen": "names of what is only read aloud: whole words, as above",
            "harmless": "pairs of words that mean something else",
            "comments": "names of what readers wrote",
            "foreign": (
                "names of other articles, footers and consent dialogs, which may hold more text than the article"
            ),
            "content": (
                "names of what holds an article, before one of `content_parts`: they outweigh the others on the "
                "same element"
            ),
            "content_parts": "what such a name ends with",
            "bylines": "names of bylines",
            "dates": "parts of names of dates",
            "clocks": "parts of names of the clock in a page's head, which shows today's date",
            "not_bylines": "parts of names that hold no byline of the article",
            "headlines": (
                "parts of names of headlines, which may have a footer of their own, and there the byline stands"
            ),
        },
    ),
    "asides": Section(
        "Names of what stands within an article and is none of its running text; {begin}: where a word begins.",
        {
            "boxes": "names of boxes within an article",
            "captions": "names of captions",
            "pictures": "names of what goes with a picture",
            "scrambled": "names of text whose letters were exchanged, behind a wall",
            "subheadings": "names of subheadings that are no heading by their tag",
            "standfirsts": (
                'names of the standfirst, behind {begin}; not "valid", "misleading", "leading-6", "leaderboard"'
            ),
        },
    ),
    "scripts": Section(
        "Addresses of scripts.",
        {
            "bot_walls": "parts of the addresses of scripts of bot walls",
        },
    ),
}
# Of agencies.toml.
AGENCIES: Sections = {
    "agencies": Section(
        "News agencies.",
        {
            "names": "names that are an agency's and nobody else's, as a credit gives them",
            "within_names": "whole words in names of persons and desks that are agencies'",
            "behind_names": "agencies that are glued to the end of a person's name",
            "on_pictures": "agencies behind a slash or a bar at the end of a caption",
        },
    ),
}
