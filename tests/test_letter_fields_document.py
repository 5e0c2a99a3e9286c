"""docs/letter-fields.md names every field of a letter and every filter, and no other."""

from app.reports.fields.filters import FILTERS
from app.reports.fields.vocabulary import find_field, list_fields
from tests.support.letter_fields import DOCUMENT, MARK, tables


def test_the_document_says_what_the_code_declares() -> None:
    """Rewritten by `python -m tests.support.letter_fields`."""
    written = DOCUMENT.read_text("utf-8")

    assert written == written.partition(MARK)[0] + tables()


def test_every_field_means_something_in_both_languages() -> None:
    assert [path for path, node in list_fields() if not (node.vi and node.en)] == []


def test_every_listed_field_is_found_by_its_path() -> None:
    listed = dict(list_fields())

    assert {path: find_field(path) for path in listed} == listed


def test_fields_of_one_kind_are_printed_by_a_filter_there_is() -> None:
    printed = {node.example("x") for _, node in list_fields() if node.shape == "scalar"}
    filters = {text.rpartition("| ")[2].removesuffix(" }}") for text in printed if "|" in text}

    assert filters <= FILTERS.keys()
    assert {"diem", "ty_le", "so_luong", "hai_chu_so", "ngay", "thay_doi", "bac"} <= filters
