"""Publications: what became of a duty to publish by a day, and how letters count it.

Tuyên Quang's letter of July 2024, section 2: "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai
kết quả …"; Đồng Nai's of Q2/2024, section 4 d to f.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypedDict

from app.domain.letter_format import printed_count, printed_day
from app.domain.vocabulary import Level


class PublicationState(StrEnum):
    PUBLISHED = "published"
    LATE = "late"
    OVERDUE = "overdue"
    PENDING = "pending"


OUT = (PublicationState.PUBLISHED, PublicationState.LATE)
"""The states of what has been published, be it in time or late."""
NAMES: dict[PublicationState, str] = {
    PublicationState.PUBLISHED: "Đã công khai",
    PublicationState.LATE: "Đã công khai, chậm",
    PublicationState.OVERDUE: "Quá hạn, chưa công khai",
    PublicationState.PENDING: "Chưa công khai",
}
RESULTS = "results"
SUBJECTS: dict[str, str] = {
    RESULTS: "kết quả",
    "commune_results": "kết quả đánh giá, xếp loại UBND cấp xã",
    "overall_results": "kết quả đánh giá chung",
    "late_officials": "danh sách cán bộ, công chức, viên chức để xảy ra chậm giải quyết TTHC",
}
"""What the letters order to be published; any other code names a subject as well."""

BODIES: dict[Level, str] = {
    "ministry": "bộ, ngành",
    "province": "tỉnh, thành phố",
    "department": "cơ quan, đơn vị cấp tỉnh",
    "district": "cơ quan, đơn vị cấp huyện",
    "commune": "cơ quan, đơn vị cấp xã",
    "other": "cơ quan, đơn vị khác",
}


class PublicationCounts(TypedDict):
    """How many there are of each state: published (in time) + late = published_total of `of`."""

    of: int
    published_total: int
    published: int
    late: int
    overdue: int
    pending: int


def state_on(due_on: date | None, published_on: date | None, on: date) -> PublicationState:
    """What stood on a day; `due_on` is the last day in time, and what came out after `on` was not out yet.

    >>> state_on(date(2024, 8, 28), date(2024, 8, 28), date(2024, 8, 28)).value
    'published'
    >>> state_on(date(2024, 8, 28), date(2024, 8, 29), date(2024, 8, 28)).value
    'pending'
    """
    if out_on(published_on, on):
        late = due_on is not None and published_on is not None and published_on > due_on
        return PublicationState.LATE if late else PublicationState.PUBLISHED
    return PublicationState.OVERDUE if due_on is not None and due_on < on else PublicationState.PENDING


def out_on(published_on: date | None, on: date) -> bool:
    """Whether it was out on the day."""
    return published_on is not None and published_on <= on


def days_late(due_on: date | None, published_on: date | None, on: date) -> int | None:
    """Days from the due day to publication, or to `on` where it is not out; 0 in time, None without a due day.

    >>> days_late(date(2024, 8, 28), None, date(2024, 9, 2)), days_late(None, None, date(2024, 9, 2))
    (5, None)
    """
    if due_on is None:
        return None
    end = published_on if published_on is not None and published_on <= on else on
    return max((end - due_on).days, 0)


def counted(states: Iterable[PublicationState]) -> PublicationCounts:
    """How many there are of each state, and how many have published in time or late.

    >>> counted([PublicationState.PUBLISHED, PublicationState.LATE, PublicationState.OVERDUE])
    {'of': 3, 'published_total': 2, 'published': 1, 'late': 1, 'overdue': 1, 'pending': 0}
    """
    counts = Counter(states)
    return {
        "of": counts.total(),
        "published_total": sum(counts[state] for state in OUT),
        "published": counts[PublicationState.PUBLISHED],
        "late": counts[PublicationState.LATE],
        "overdue": counts[PublicationState.OVERDUE],
        "pending": counts[PublicationState.PENDING],
    }


def subject_name(subject: str) -> str:
    """What is published, in words; a code of the office's own stands for itself.

    >>> subject_name("results"), subject_name("hotline")
    ('kết quả', '“hotline”')
    """
    return SUBJECTS.get(subject, f"“{subject}”")


def sentence(level: Level, subject: str, counts: PublicationCounts, on: date) -> str:
    """The printed sentence; who published late has published.

    >>> counts = counted([PublicationState.PUBLISHED] * 5 + [PublicationState.LATE, PublicationState.OVERDUE])
    >>> sentence("district", "results", counts, date(2024, 8, 28))
    'Tính đến ngày 28/8/2024: 06/07 cơ quan, đơn vị cấp huyện đã công khai kết quả, trong đó 01 chậm; 01 quá hạn.'
    """
    late, overdue = counts["late"], counts["overdue"]
    said = f"{share(counts)} {BODIES[level]} đã công khai {subject_name(subject)}"
    said += f", trong đó {printed_count(late)} chậm" if late else ""
    said += f"; {printed_count(overdue)} quá hạn" if overdue else ""
    return f"Tính đến ngày {printed_day(on)}: {said}."


def share(counts: PublicationCounts) -> str:
    """How many have published, of all.

    >>> share(counted([PublicationState.PUBLISHED] * 7))
    '07/07'
    """
    return f"{printed_count(counts['published_total'])}/{printed_count(counts['of'])}"
