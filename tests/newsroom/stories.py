"""Stories: what the newsroom's outlets print, the five seeds first, each with its title, dates and byline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "fixtures" / "seeds"
TEXTS = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A text and what its outlet says about it. `paragraphs` hold no residue: templates add that."""

    slug: str
    title: str
    published_at: datetime
    paragraphs: tuple[str, ...]
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    description: str = ""
    section: str = "News"
    tags: tuple[str, ...] = ()
    language: str = "en"

    @property
    def changed_at(self) -> datetime:
        """The instant of the last change."""
        return self.modified_at or self.published_at


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seed_lines(prefix: str) -> list[str]:
    """The lines of a seed without line ends; `prefix` is its number ("003"). Index 0 is line 1."""
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    return path.read_text(encoding="utf-8").splitlines()


def seed_paragraphs(prefix: str, *, without: tuple[int, ...] = ()) -> tuple[str, ...]:
    """A seed's paragraphs; `without` names residue lines, counted from 1. Blank lines fall away."""
    lines = enumerate(seed_lines(prefix), start=1)
    return tuple(line for number, line in lines if line.strip() and number not in without)


def _text(name: str) -> tuple[str, ...]:
    lines = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip())


# The residue lines of each seed, counted from 1.
RESIDUE: Mapping[str, tuple[int, ...]] = {
    "000": (),
    "001": (),
    "002": (5, 9),
    "003": (13, 14),
    "004": (1, 19, 21, 23, 25),
}

PARTNERSHIP = Story(
    slug="partnership-stands-firm-after-mutiny",
    title="Beijing and Moscow Stand by Partnership After Aborted Mutiny",
    published_at=_instant("2023-06-30T16:20:00+08:00"),
    modified_at=_instant("2023-06-30T18:05:30+08:00"),
    authors=("Hanna Weiss", "Tomás Rivera"),
    description="China voices support for Russia's efforts to stabilise the situation, and an analyst explains why.",
    section="World",
    tags=("China", "Russia", "Diplomacy"),
    paragraphs=seed_paragraphs("000", without=RESIDUE["000"]),
)

EXERCISES = Story(
    slug="1704",
    title="Moscow points to joint exercises and stability in the region",
    published_at=_instant("2025-06-27T14:05:00+03:00"),
    description="Talks of defence ministers, joint patrols and a wider strategy.",
    section="Политика",
    paragraphs=seed_paragraphs("001", without=RESIDUE["001"]),
)

MULTILATERALISM = Story(
    slug="sino-russian-ties-and-multilateralism",
    title="Sino-Russian Ties and the Case for Multilateralism",
    published_at=_instant("2022-11-21T10:15:00+05:00"),
    authors=("Imran Siddiq",),
    description="Why two neighbours keep investing in their strategic cooperation.",
    section="Opinion",
    tags=("Multilateralism", "Asia-Pacific"),
    paragraphs=seed_paragraphs("002", without=RESIDUE["002"]),
)

VISIT = Story(
    slug="putin-visits-china-seeking-support",
    title="Putin Visits China Seeking Support Amid Sanctions",
    published_at=_instant("2023-10-17T09:42:11+02:00"),
    modified_at=_instant("2023-10-17T11:03:54+02:00"),
    authors=("Elena Marchetti",),
    description="The two countries want to deepen their trade and their military cooperation.",
    section="World News",
    tags=("China", "Russia", "Sanctions"),
    paragraphs=seed_paragraphs("003", without=RESIDUE["003"]),
)

WESTERN_DISEASE = Story(
    slug="western-disease",
    title=seed_lines("004")[0],
    published_at=_instant("2022-09-19T00:00:00+00:00"),  # a day only: the page says it in its address
    authors=("Zhao Jiandong (赵建东)",),
    section="",
    paragraphs=seed_paragraphs("004", without=RESIDUE["004"]),
)

HARBOUR = Story(
    slug="harbour-authority-orders-electric-cranes",
    title="Harbour Authority Orders Three Electric Cranes",
    published_at=_instant("2023-09-12T08:30:00+02:00"),
    authors=("Jonas Whitfield",),
    description="The diesel machines on the North Quay have been in service since 1989.",
    section="City",
    tags=("Harbour", "Energy"),
    paragraphs=_text("harbour"),
)

# The same text, printed a day later by another house without a byline.
HARBOUR_REPRINT = replace(
    HARBOUR,
    slug="electric-cranes-for-north-quay",
    title="Electric cranes for the North Quay",
    published_at=_instant("2023-09-13T00:00:00+00:00"),
    authors=(),
)

WIRE = Story(
    slug="port-to-receive-electric-cranes",
    title="Northern Port to Receive Electric Cranes",
    published_at=_instant("2023-09-12T15:47:00+05:00"),
    authors=("Marta Lindholm",),
    description="The contract is the largest investment there since the container yard was built.",
    section="Business",
    tags=("Ports",),
    paragraphs=_text("wire"),
)

RAILWAY = Story(
    slug="night-train-returns-to-coastal-line",
    title="Night Train Returns to the Coastal Line",
    published_at=_instant("2023-08-24T18:02:00+05:00"),
    authors=("Lucía Ferreira",),
    description="Eleven years after the last sleeping car, tickets go on sale in October.",
    section="Travel",
    tags=("Railways",),
    paragraphs=_text("railway"),
)

MUSEUM = Story(
    slug="0931",
    title="В музее открылся зал старинных карт",
    published_at=_instant("2023-04-18T12:30:00+03:00"),
    authors=("Нина Соколова",),
    description="Выставлены 112 листов XVII–XIX веков.",
    section="Культура",
    language="ru",
    paragraphs=_text("museum"),
)

GLACIER = Story(
    slug="valley-glacier-loses-two-metres",
    title="Valley Glacier Loses Two Metres of Ice in a Year",
    published_at=_instant("2022-10-19T07:00:00+02:00"),
    authors=("Hanna Weiss",),
    description="The largest loss since measurements began in 1969.",
    section="Science",
    tags=("Climate", "Alps"),
    paragraphs=_text("glacier"),
)

ORCHARD = Story(
    slug="gemeinde-pflanzt-400-obstbaeume",
    title="Gemeinde pflanzt 400 Obstbäume",
    published_at=_instant("2022-10-26T05:45:00+02:00"),
    authors=("Sabine Krämer",),
    description="Alte Apfel- und Birnensorten sollen die Streuobstwiesen erneuern.",
    section="Regional",
    tags=("Landwirtschaft",),
    language="de",
    paragraphs=_text("orchard"),
)

# What courier publishes later, in this order; after that it prints numbered traffic reports.
HELD_BACK: tuple[Story, ...] = (
    Story(
        slug="library-to-open-on-sundays",
        title="Central Library to Open on Sundays",
        published_at=_instant("2023-10-18T07:15:00+02:00"),
        authors=("Jonas Whitfield",),
        description="A trial in two branches drew more visitors than expected.",
        section="City",
        tags=("Library",),
        paragraphs=_text("library"),
    ),
    Story(
        slug="mill-footbridge-closes-for-repairs",
        title="Mill Footbridge Closes for Repairs",
        published_at=_instant("2024-01-22T06:50:00+01:00"),
        authors=("Elena Marchetti",),
        description="Divers found two hollow piles below the waterline.",
        section="City",
        tags=("Traffic",),
        paragraphs=_text("bridge"),
    ),
)


def railway(revision: int, revised_at: datetime) -> Story:
    """The night-train story in its 1st, 2nd, … version; from the 3rd on each adds a line."""
    if revision == 1:
        return RAILWAY
    updates = tuple(
        f"Update {number - 1}: the company said on inquiry that version {number} of its timetable had been printed."
        for number in range(3, revision + 1)
    )
    return replace(
        RAILWAY,
        title="Night Train on the Coastal Line Is Delayed to January",
        modified_at=revised_at,
        description="Brakes on the rebuilt carriages failed a first inspection.",
        paragraphs=_text("railway-2") + updates,
    )


def traffic_report(number: int, published_at: datetime) -> Story:
    """A text that nobody has seen yet, for a newsroom that has printed all it held back."""
    ships = 11 + number * 3
    return Story(
        slug=f"harbour-traffic-report-{number}",
        title=f"Harbour Traffic Report No. {number}",
        published_at=published_at,
        authors=("Jonas Whitfield",),
        description=f"{ships} ships called at the harbour.",
        section="City",
        tags=("Harbour",),
        paragraphs=(
            f"The harbour authority counted {ships} ships in its report number {number}, among them {number + 2} "
            "container vessels and a research ship that stayed for two nights at the eastern basin.",
            f"Pilots were called {ships + 4} times. The longest wait for a berth was {number % 7 + 1} hours, which "
            "the authority put down to fog in the morning and to repairs at the outer lock.",
            f"The next report, number {number + 1}, is to include the figures of the ferry terminal, where the "
            "counting machines had to be replaced after a storm in the spring of last year.",
        ),
    )
