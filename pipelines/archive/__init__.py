"""Archive: raw pages ↔ records in WARC files; warcio is imported nowhere else."""

from pipelines.archive.keeping import GB, Kept, choose_expired, list_kept, remove
from pipelines.archive.reading import ArchiveFault, Capture, Record, captures, read_record
from pipelines.archive.writing import Archive, open_archive

__all__ = [
    "GB",
    "Archive",
    "ArchiveFault",
    "Capture",
    "Kept",
    "Record",
    "captures",
    "choose_expired",
    "list_kept",
    "open_archive",
    "read_record",
    "remove",
]
