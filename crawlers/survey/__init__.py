"""Look at a site and propose its outlet file. This module is the public face."""

from crawlers.survey.draft import Doubt, SurveyOptions
from crawlers.survey.errors import SurveyError
from crawlers.survey.given import checked
from crawlers.survey.sample import SampledPage, choose_links
from crawlers.survey.site import Proposal, default_id, provisional_outlet, survey

__all__ = [
    "Doubt", "Proposal", "SampledPage", "SurveyError", "SurveyOptions", "checked", "choose_links", "default_id",
    "provisional_outlet", "survey",
]  # fmt: skip
