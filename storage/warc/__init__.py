"""The archive of raw answers as WARC files. Other packages import from here, and not from the modules inside."""

from storage.warc.archive import ArchiveWriter, Place, RawPage, iter_pages, read_place, recover

__all__ = ["ArchiveWriter", "Place", "RawPage", "iter_pages", "read_place", "recover"]
