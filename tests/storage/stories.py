"""Stories written for these tests, and what happens to stories on their way through the press."""

from __future__ import annotations

import random

from tests.storage.building import WORDS

FERRY = """The city council of Harbourton voted on Tuesday to spend 14 million crowns on two new ferries for the line to Saint Olaf island.

The vote was closer than expected: 21 members were in favour and 18 against, after a debate that lasted until midnight. Councillor Maren Tveit, who had proposed the purchase, called it a late decision but the right one.

"People on the island have waited nine years for a boat that runs in winter," she told reporters outside the town hall. "Tonight they can sleep."

The present ferry, the Gudrun, was built in 1971 and has been out of service for 63 days since January. Its captain, Olaf Brenn, said that spare parts for the engine are no longer made and that his crew had started to forge them in a workshop behind the fish market.

Opponents of the purchase wanted a bridge instead. Engineer Pavel Sorokin, who advises the opposition, presented a study according to which a bridge would cost 92 million crowns but need no crew. The mayor answered that the study had left out the ice.

The shipyard in Kallvik is to deliver the first of the ferries in autumn next year. Until then, the council has chartered a boat from the neighbouring town, which will sail four times a day and carry twelve cars."""

MUSEUM = """Archaeologists have found a wooden chest with more than three hundred silver coins under the floor of the old customs house in Velkograd.

The chest came to light when workers replaced a water pipe. "We thought it was a beam," said foreman Jiri Kolar. The coins date from the reign of three different princes and were probably hidden during the siege of 1632.

Professor Lenka Marsova of the regional museum said that nothing comparable had been found in the province before. Her team will clean the coins over the winter and show them to the public in May.

The customs house, which had served as a grain store, a school and a cinema, was to be torn down. The ministry of culture has now asked the owner to wait."""

REPORT = """The central bank of Norland set the official rate of the crown at {usd} to the dollar and {eur} to the euro on {day}.

Compared with the previous session the crown moved by {move} points against the dollar. Trading volume on the exchange in {city} reached {volume} million crowns, dealers said, with most contracts closed before noon.

The bank said that it sees no reason to intervene. Its reserves stood at {reserves} billion crowns at the end of the week, spokesman {spokesman} told journalists after the session."""


OTHER_WORDS = [
    "rather",
    "almost",
    "lately",
    "meanwhile",
    "again",
    "perhaps",
    "mostly",
    "partly",
    "soon",
    "often",
    "indeed",
    "nearly",
    "hardly",
]


def report(day: int) -> str:
    """One day of a series: the frame is always the same."""
    chance = random.Random(day)
    return REPORT.format(
        usd=f"{chance.uniform(8, 9):.4f}", eur=f"{chance.uniform(9, 10):.4f}", day=f"{day} March",
        move=chance.randint(3, 90), city="Harbourton", volume=chance.randint(100, 900),
        reserves=chance.randint(30, 60), spokesman="Ivar Lund",
    )  # fmt: skip


def edited(text: str, share: float, seed: int = 1) -> str:
    """The text with a share of its words exchanged."""
    chance = random.Random(seed)
    lines = []
    for line in text.split("\n"):
        words = [chance.choice(OTHER_WORDS) if chance.random() < share else word for word in line.split(" ")]
        lines.append(" ".join(words) if line else "")
    return "\n".join(lines)


def cut(text: str, share: float) -> str:
    """The beginning of a text."""
    words = text.split(" ")
    return " ".join(words[: round(len(words) * share)])


def long_story(seed: int, paragraphs: int = 5) -> str:
    """A story of words that no other seed brings in this order."""
    chance = random.Random(f"story {seed}")
    verbs = ["sees", "asks", "builds", "leaves", "opens", "paints", "counts", "closes", "sells", "finds"]

    def sentence() -> str:
        words = [w for _ in range(chance.randint(4, 7)) for w in (chance.choice(WORDS), chance.choice(verbs))]
        return f"{' '.join(words).capitalize()} number{chance.randint(0, 10**6)}."

    return "\n\n".join(" ".join(sentence() for _ in range(3)) for _ in range(paragraphs))
