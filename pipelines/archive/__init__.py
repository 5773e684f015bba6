"""Archive: raw pages ↔ records in WARC files; warcio is imported nowhere else."""

from pipelines.archive.keeping import GB, Kept, Removal, Share, choose_removal, list_kept, remove
from pipelines.archive.places import locate
from pipelines.archive.reader import ArchiveFault, Capture, OversizedRecord, Record, read_record, scan
from pipelines.archive.thinning import Moved, thin
from pipelines.archive.writer import Archive, open_archive

__all__ = [
    "GB",
    "Archive",
    "ArchiveFault",
    "Capture",
    "Kept",
    "Moved",
    "OversizedRecord",
    "Record",
    "Removal",
    "Share",
    "choose_removal",
    "list_kept",
    "locate",
    "open_archive",
    "read_record",
    "remove",
    "scan",
    "thin",
]
