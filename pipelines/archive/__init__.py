"""Archive: raw pages ↔ records in WARC files; warcio is imported nowhere else."""

from pipelines.archive.expiry import GB, ArchiveFile, Removal, Share, choose_removal, list_files, remove
from pipelines.archive.paths import locate
from pipelines.archive.reader import ArchiveFault, Capture, OversizedRecord, Record, read_record, scan
from pipelines.archive.thinning import Moved, thin
from pipelines.archive.writer import Archive, open_archive

__all__ = [
    "GB",
    "Archive",
    "ArchiveFault",
    "ArchiveFile",
    "Capture",
    "Moved",
    "OversizedRecord",
    "Record",
    "Removal",
    "Share",
    "choose_removal",
    "list_files",
    "locate",
    "open_archive",
    "read_record",
    "remove",
    "scan",
    "thin",
]
