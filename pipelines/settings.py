"""Settings: the environment's PRESSWATCH_* variables become one frozen object."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.model import ConfigFault

# DuckDB takes a negative one for no limit at all.
_MEMORY = r"^\s*(0*[1-9]\d*(\.\d+)?|0*\.\d*[1-9]\d*)\s*[KMGT]i?B\s*$"


class Settings(BaseSettings):
    """What may be set from outside, beside sources.yaml; each is documented in docs/reference/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="PRESSWATCH_", env_ignore_empty=True, frozen=True, extra="ignore", allow_inf_nan=False
    )

    data: Path = Field(Path("data"), description="Folder of the databases, the spool and Prefect's own files.")
    sources: Path = Field(Path("sources.yaml"), description="The configuration of whom to watch.")
    workers: int | None = Field(None, ge=1, le=256, description="Cleaning processes; one a core when unset.")
    worker_memory_mb: int = Field(3000, ge=256, description="Memory that one cleaning process may take, in MB.")
    page_deadline_s: float = Field(
        20.0, gt=0, description="Seconds of CPU time that the cleaning of one page may take."
    )
    batch_size: int = Field(100, ge=1, le=5000, description="Pages that are cleaned and stored together.")
    batch_wait_s: float = Field(5.0, gt=0, description="Seconds after which a batch is stored though it is not full.")
    concurrency: int = Field(32, ge=1, le=1000, description="Pages fetched at once, over all hosts.")
    poll_concurrency: int = Field(64, ge=1, le=1000, description="Sources polled at once.")
    max_articles: int = Field(
        5000, ge=1, le=10_000_000, description="Articles taken of one source in one run; the rest is deferred."
    )
    run_minutes: float = Field(30.0, gt=0, description="Minutes after which a run defers what is left to the next one.")
    connect_timeout_s: float = Field(10.0, gt=0, description="Seconds to open a connection.")
    read_timeout_s: float = Field(20.0, gt=0, description="Seconds between two pieces of an answer.")
    total_timeout_s: float = Field(60.0, gt=0, description="Seconds for one exchange, redirects included.")
    retries: int = Field(2, ge=0, le=10, description="Further tries after a fault that may pass.")
    retry_wait_s: float = Field(1.0, ge=0, description="Seconds before the first further try; doubled for each.")
    archive: bool = Field(True, description="Whether the raw pages are kept, as WARC files under `DATA/warc`.")
    archive_days: int | None = Field(
        None, ge=1, description="Days after which `presswatch upkeep` removes them; for ever when unset."
    )
    archive_gb: float | None = Field(
        None, gt=0, description="Gigabytes above which `presswatch upkeep` removes the oldest; no limit when unset."
    )
    server_wait_s: float = Field(30.0, ge=0, description="Seconds to wait for the server that PREFECT_API_URL names.")
    memory_limit: str = Field("1GB", pattern=_MEMORY, description="Memory that DuckDB may take.")
    threads: int = Field(2, ge=1, le=256, description="Threads that DuckDB may take.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "CRITICAL", description="What `presswatch run` logs to stderr; `presswatch serve` logs INFO."
    )


def load_settings(**overrides: object) -> Settings:
    """Read the environment; options of the command line win. Raises ConfigFault in one line."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        said = "write it as 512MB or 2GB" if first["type"] == "string_pattern_mismatch" else first["msg"]
        raise ConfigFault(f"PRESSWATCH_{name}: {said}, got {first.get('input')!r}") from error
    return settings.model_copy(
        update={"data": settings.data.expanduser().resolve(), "sources": settings.sources.expanduser().resolve()}
    )
