"""The type of a day in requests and flow parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from storage.days import check_day

NewsDay = Annotated[date, AfterValidator(check_day)]
