"""The trend as small charts, one for each outlet, on one scale: the coordinates of their SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 640, 96
_GAP = 0.25  # of a bar's place


def charts_of(outlets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return bars for each outlet, and the share at the top of the scale, which is the same for all."""
    top = max((point["share"] or 0 for each in outlets for point in each["points"]), default=0)
    return {"top": top, "width": WIDTH, "height": HEIGHT, "bars": [_bars(each["points"], top) for each in outlets]}


def _bars(points: Sequence[dict[str, Any]], top: float) -> list[dict[str, Any]]:
    place = WIDTH / max(len(points), 1)
    bars = []
    for n, point in enumerate(points):
        height = HEIGHT * (point["share"] or 0) / top if top else 0
        told = f"{point['first']}: {point['matches']} of {point['articles']} articles"
        if point["share"] is not None:
            told += f", {point['share']:.1%}"
        bars.append(
            {
                "x": round(n * place + place * _GAP / 2, 2), "width": round(place * (1 - _GAP), 2),
                "y": round(HEIGHT - height, 2), "height": round(height, 2), "told": told,
                "empty": not point["articles"],
            }
        )  # fmt: skip
    return bars
