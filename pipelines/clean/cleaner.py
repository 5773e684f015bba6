"""One page in, one article or reject out; and many pages through an executor."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipelines.clean.draft import NotAnArticle
from pipelines.model import Article, Page, Reason, Reject
from pipelines.workers import Executor, WorkerDied, WorkerInterrupted, WorkerTimeout

# What decides how a page becomes an article, below pipelines/.
_DECIDING = ("clean", "dates", "charsets.py", "text.py", "urls.py")


def version_of(folder: Path) -> str:
    """Return the version of the cleaner in a folder: the digest of all sources that can change an article."""
    digest = hashlib.sha256()
    for name in _DECIDING:
        for source in sorted([*folder.glob(name), *folder.glob(f"{name}/*.py")]):
            if source.suffix == ".py":
                digest.update(f"{source.relative_to(folder)}\n".encode() + source.read_bytes())
    return f"2-{digest.hexdigest()[:8]}"


CLEANER_VERSION = version_of(Path(__file__).parent.parent)


def clean(page: Page) -> Article | Reject:
    """Return the article on a page, or the reject that says why there is none. Never raises.

    A pure function of the page and CLEANER_VERSION: it knows no other page and no clock but `page.fetch.fetched_at`.
    """
    # trafilatura and the language model cost a second to import; a parent that only passes pages on does not need them.
    from pipelines.clean.article import read_article

    try:
        return read_article(page, cleaner_version=CLEANER_VERSION)
    except NotAnArticle as fault:
        return _reject(page, fault.reason, fault.detail, fault.evidence)
    except Exception as crash:  # The only broad except: a crash on a page costs that page only.
        return _reject(page, "clean-crash", f"{type(crash).__name__}: {crash}"[:500])


async def clean_pages(pages: Sequence[Page], *, executor: Executor, deadline_s: float = 20.0) -> list[Article | Reject]:
    """Return what became of each page, in the order given.

    deadline_s: seconds of CPU time a single page may take. A page that takes more, or kills its worker, becomes a
    reject (clean-timeout, clean-crash); one whose worker was killed from outside, twice, too (clean-interrupted).
    """
    return list(await asyncio.gather(*(_clean_elsewhere(page, executor, deadline_s) for page in pages)))


async def _clean_elsewhere(page: Page, executor: Executor, deadline_s: float) -> Article | Reject:
    try:
        return await executor.run(clean, page, deadline_s=deadline_s)
    except WorkerTimeout as fault:
        return _reject(page, "clean-timeout", str(fault))
    except WorkerDied as fault:
        return _reject(page, "clean-crash", str(fault))
    except WorkerInterrupted as fault:
        return _reject(page, "clean-interrupted", str(fault))


def _reject(page: Page, reason: Reason, detail: str, evidence: str | None = None) -> Reject:
    return Reject(
        stage="clean",
        reason=reason,
        detail=detail,
        source=page.entry.source,
        url=page.fetch.final_url or page.entry.url,
        evidence=evidence,
        entry=page.entry,
        fetch=page.fetch,
    )
