"""Check the values that a person gives for a new outlet file, before the first request."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from crawlers.outlet import ID_PATTERN

from .draft import SurveyOptions
from .errors import SurveyError

_ID = re.compile(ID_PATTERN)
MAX_ID = 100  # characters; the name of a file is longer by its ending
_FILE = Path(__file__).with_name("codes.toml")
_THREE_LETTERS = re.compile(r"[a-z]{3}")
UNKNOWN = "xx"  # the country of an outlet of which nobody knows it


@cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(tomllib.loads(_FILE.read_text(encoding="utf-8"))[name].split())


def checked(options: SurveyOptions) -> SurveyOptions:
    """Return the options, codes in lower case. Raises SurveyError that names the first wrong one and its remedy."""
    country = None if options.country is None else options.country.lower()
    languages = tuple(language.lower() for language in options.languages)
    if options.outlet_id is not None:
        _check_id(options.outlet_id)
    if options.name is not None and not options.name.strip():
        raise SurveyError("--name is empty; give the name of the outlet, or leave --name out")
    if country is not None and country not in _codes("countries") | {UNKNOWN}:
        raise SurveyError(f"--country {options.country!r} is no code of a country; give two letters such as az")
    for given, language in zip(options.languages, languages, strict=True):
        if language not in _codes("languages") and not _THREE_LETTERS.fullmatch(language):
            raise SurveyError(f"--language {given!r} is no code of a language; give two letters such as az")
    if options.timezone is not None:
        _check_zone(options.timezone)
    return replace(options, country=country, languages=languages)


def _check_id(outlet_id: str) -> None:
    if len(outlet_id) > MAX_ID or not _ID.fullmatch(outlet_id):
        rule = f"a-z, 0-9 and _, at most {MAX_ID} characters, not _ first"
        raise SurveyError(f"--id {outlet_id!r} cannot name an outlet; use {rule}, such as example_ge")


def _check_zone(name: str) -> None:
    known = available_timezones()
    if name in known:
        return
    near = _near(name, sorted(known))
    hint = f"did you mean {near}?" if near else "give one such as Asia/Baku"
    raise SurveyError(f"--timezone {name!r} is no time zone; {hint}")


def _near(name: str, known: Sequence[str]) -> str | None:
    """Return a zone of that city, or one that is written similarly."""
    of_city = [zone for zone in known if zone.rpartition("/")[2].lower() == name.lower()]
    return next(iter(of_city or difflib.get_close_matches(name, known, 1, 0.8)), None)
