"""WARC files: the archive of raw answers, and foreign files. Other packages import from here, and not from inside."""

from storage.warc.archive import ArchiveWriter, files_of, recover
from storage.warc.capture import PAGE_KINDS, Answer, Capture, read_answer, read_capture
from storage.warc.page import RawPage
from storage.warc.place import Place, RawRecord, archive_file, read_place, read_raw, verify_place
from storage.warc.reader import Fault, Loss, Position, Record, WarcReader
from storage.warc.record_head import RecordHead, is_record_start
from storage.warc.source import FileSource, Source
from storage.warc.tombstone import WantedAnswers, erase, find_answers
from storage.warc.wacz import WaczEntry, write_wacz

__all__ = [
    "PAGE_KINDS", "Answer", "ArchiveWriter", "Capture", "Fault", "FileSource", "Loss", "Place", "Position", "RawPage",
    "RawRecord", "Record", "RecordHead", "Source", "WaczEntry", "WantedAnswers", "WarcReader", "archive_file", "erase",
    "files_of", "find_answers", "is_record_start", "read_answer", "read_capture", "read_place", "read_raw", "recover",
    "verify_place", "write_wacz",
]  # fmt: skip
