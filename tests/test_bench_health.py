"""The simulation of health: it holds what is promised, on a small number of outlets."""

from __future__ import annotations

import numpy as np

from bench.health import DAYS, LEARNING, RULES, _series, country, damaged, nights_until, openings


def test_pressrun_sees_a_silence_in_the_first_night_and_media_clouds_rule_does_not() -> None:
    rng = np.random.default_rng(3)
    outlets = country(rng, 60)
    silent = [damaged(rng, outlet, "silence") for outlet in outlets]
    nights = {name: [nights_until(rule, *one) for one in silent] for name, rule in RULES.items()}
    assert nights["Pressrun"].count(1) >= len(outlets) - 1
    assert nights["Media Cloud"].count(None) >= len(outlets) - 2


def test_a_year_of_an_ordinary_country_brings_few_findings() -> None:
    outlets = country(np.random.default_rng(4), 60)
    series = [_series(outlet.held, outlet.factors) for outlet in outlets]
    found = sum(openings(RULES["Pressrun"], one) for one in series)
    assert found / (len(outlets) * (DAYS - LEARNING) / 365) <= 1
