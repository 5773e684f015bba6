"""Archive: raw pages ↔ records in WARC files; warcio is imported nowhere else."""

from pipelines.archive.keeping import Kept, choose_expired, list_kept, remove
from pipelines.archive.places import locate
from pipelines.archive.reading import ArchiveFault, Capture, OversizedRecord, Record, read_record, scan
from pipelines.archive.writing import Archive, open_archive

__all__ = [
    "Archive",
    "ArchiveFault",
    "Capture",
    "Kept",
    "OversizedRecord",
    "Record",
    "choose_expired",
    "list_kept",
    "locate",
    "open_archive",
    "read_record",
    "remove",
    "scan",
]
