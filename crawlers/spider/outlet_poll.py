"""The poll of one outlet: which of its fast seeds are due, what they said, and when they are due again."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from crawlers.discovery import Rhythm, fast_seeds
from crawlers.messages import Polled
from storage import frontier
from storage.frontier import PollState
from storage.instants import CLOCKS_DIFFER, steady_now

from .context import RunContext
from .isolation import ends_the_run, fault_line
from .poll_reader import PollReader

log = logging.getLogger(__name__)

OUTLET_TIME = 600.0  # seconds for the seeds of one outlet; what is left is asked by the next poll

States = dict[tuple[str, str], PollState]


class OutletPoll:
    """Asks the seeds of one outlet that are due; with `everything` all of them."""

    def __init__(self, context: RunContext, states: States, *, everything: bool) -> None:
        self._context = context
        self._seeds = fast_seeds(context.outlet)
        self._states = {
            seed.url: states[key] for seed in self._seeds if (key := (context.outlet.id, seed.url)) in states
        }
        now = steady_now()
        self._due = [seed for seed in self._seeds if everything or self._is_due(seed.url, now)]
        self.reader = PollReader(context, {url: rhythm_of(state) for url, state in self._states.items()})
        self._asked = 0

    def _is_due(self, url: str, now: datetime) -> bool:
        """Whether a seed is to be asked: also one whose last poll lies ahead, since the clock went back after it."""
        state = self._states.get(url)
        return state is None or state.next_poll_at <= now or state.polled_at > now + CLOCKS_DIFFER

    async def run(self) -> None:
        """Ask, and save when each seed is due again. A fault is this outlet's problem; what ends the run is raised."""
        tally = self._context.tally
        try:
            async with asyncio.timeout(OUTLET_TIME):
                await self.reader.poll(self._due)
        except TimeoutError:
            tally.problem(f"{self._context.outlet.id}: its seeds took more than {OUTLET_TIME:.0f} s; the rest waits")
        except Exception as fault:
            if ends_the_run(fault):
                raise
            log.warning("%s cannot be polled", self._context.outlet.id, exc_info=fault)
            tally.problem(f"{self._context.outlet.id}: fault ({fault_line(fault)})")
        await self._save()

    async def _save(self) -> None:
        states = []
        for url, (rhythm, paused_until) in self.reader.rhythms().items():
            self._asked += paused_until is None
            states.append(state_of((self._context.outlet.id, url), rhythm, paused_until))
        self._states |= {state.url: state for state in states}
        await self._context.store.call(frontier.save_polls, self._context.db, states)

    def polled(self) -> Polled:
        """Return the line of the outlet."""
        tally, next_due = self._context.tally, [state.next_poll_at for state in self._states.values()]
        return Polled(
            outlet=self._context.outlet.id,
            asked=self._asked,
            skipped=len(self._seeds) - len(self._due),
            unchanged=tally.seeds_unchanged,
            failed=len(self.reader.failures),
            new=tally.pages["discovered"],
            known=tally.pages["known"],
            overflows=self.reader.overflows,
            next_due=min(next_due).isoformat(timespec="seconds") if next_due else None,
            problems=tuple(tally.problems),
        )


def rhythm_of(state: PollState) -> Rhythm:
    """Return the rhythm that a stored state holds."""
    return Rhythm(
        asked_at=state.polled_at,
        looked_at=state.looked_at,
        rate=state.rate,
        depth=state.depth,
        floor=timedelta(seconds=state.floor),
        failures=state.failures,
        last_new_at=state.last_new_at,
    )


def state_of(seed: tuple[str, str], rhythm: Rhythm, paused_until: datetime | None = None) -> PollState:
    """Return the state to store of a seed (outlet, URL). While its host is paused, it is not due."""
    now = steady_now()
    return PollState(
        *seed,
        polled_at=rhythm.asked_at or now,
        next_poll_at=max(filter(None, (rhythm.next_at, paused_until)), default=now),
        interval=rhythm.interval.total_seconds(),
        looked_at=rhythm.looked_at,
        floor=rhythm.floor.total_seconds(),
        rate=rhythm.rate,
        depth=rhythm.depth,
        failures=rhythm.failures,
        last_new_at=rhythm.last_new_at,
    )
