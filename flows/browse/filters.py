"""The parameters of pages and API as a selection of articles. A wrong one is one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from flows import selection as selections
from flows.news_day import NewsDay
from storage.articles import Selection, Which
from storage.days import check_day
from storage.model import MOST_ID
from storage.selection import USES

from .archive import Archive
from .errors import BadRequestError

MOST = 100  # articles on a page
_LONGEST = 500  # characters of a parameter


def _given(value: Any) -> Any:
    """Forms send the fields that a reader left empty, too."""
    return None if isinstance(value, str) and not value.strip() else value


def _list_of_given(value: Any) -> Any:
    return [each for each in value if _given(each) is not None] if isinstance(value, list) else value


def _of_news(at: datetime) -> datetime:
    check_day(at.date())
    return at


Text = Annotated[str | None, Field(max_length=_LONGEST), BeforeValidator(_given)]
Texts = Annotated[list[str], Field(max_length=50), BeforeValidator(_list_of_given)]
Day = Annotated[NewsDay | None, BeforeValidator(_given)]
Instant = Annotated[Annotated[datetime, AfterValidator(_of_news)] | None, BeforeValidator(_given)]


class Parameters(BaseModel):
    """Parameters of a request. Unknown ones are refused: a misspelt filter must not seem to work."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Filters(Parameters):
    """Which articles are wanted. All must hold."""

    q: Text = Field(None, description='Words, "phrases", -not, prefix*, title:word, OR, brackets.')
    outlet: Texts = Field([], description="Id of an outlet; may be repeated.")
    country: Texts = Field([], description="Country of the outlet, such as az; may be repeated.")
    language: Texts = Field([], description="Language of the text, such as az; may be repeated.")
    first: Day = Field(None, alias="from", description="First day of publication, in the outlet's time zone.")
    last: Day = Field(None, alias="to", description="Last day of publication.")
    author: Text = Field(None, description="Words of the byline.")
    credit: Text = Field(None, description="Words of the credit, such as an agency.")
    section: Text = Field(None, description="Words of the section.")
    which: Which = Field(Which.ORIGINALS, description="Originals, copies, or all.")
    changed_since: Instant = Field(None, description="Stored or edited at this instant (ISO 8601) or later.")
    respect: Texts = Field([], description="Uses to which neither page nor site objects: tdm, ai, ai-input, ...")

    @field_validator("which", mode="before")
    @classmethod
    def _originals_if_empty(cls, value: Any) -> Any:
        return value or Which.ORIGINALS

    @field_validator("respect")
    @classmethod
    def _known_uses(cls, value: list[str]) -> list[str]:
        if unknown := [each for each in value if each not in USES]:
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(USES)}")
        return value


class Page(Filters):
    """Filters, and which page of the list."""

    limit: int = Field(20, ge=1, le=MOST, description="Articles on a page.")
    cursor: Text = Field(None, description="The next page, as the page before names it.")


class ChangesPage(Parameters):
    """Where to go on in the sequence of changes."""

    since: int = Field(0, ge=0, le=MOST_ID, description="The `cursor` of the page before; 0 is the beginning.")
    limit: int = Field(100, ge=1, le=1000, description="Changes on a page.")
    text: bool = Field(True, description="Whether the texts of articles come with them.")


class Span(Parameters):
    """A query over time."""

    q: Text = Field(None, description="The words, in the syntax of search.")
    outlet: Texts = Field([], max_length=8, description="Outlets to compare; those with most articles if none.")
    first: Day = Field(None, alias="from", description="First day.")
    last: Day = Field(None, alias="to", description="Last day; today if none.")
    days: int = Field(7, ge=1, le=31, description="Days of a point.")


def selection(archive: Archive, asked: Filters) -> Selection:
    """Return the selection for the store. Raises BadRequestError, UnknownFilterError, QueryError."""
    if asked.first and asked.last and asked.first > asked.last:
        raise BadRequestError(f"from={asked.first} is after to={asked.last}; exchange them")
    since = asked.changed_since
    wanted = Selection(
        outlets=tuple(dict.fromkeys(asked.outlet)), languages=tuple(asked.language), first=asked.first, last=asked.last,
        author=asked.author, credit=asked.credit, section=asked.section, which=asked.which,
        changed_since=since.replace(tzinfo=UTC) if since and since.tzinfo is None else since,
        respect=tuple(asked.respect), query=asked.q,
    )  # fmt: skip
    return selections.select(archive.db, archive.catalog, selections.Filters(wanted, tuple(asked.country)))
