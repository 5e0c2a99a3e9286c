"""Below target: the lists of Tuyên Quang's letter of January 2024, note 1, unit by unit and in its order.

The letter names who fails and gives no figure, so the figures are constructed: of 1,000 dossiers (or procedures) each,
who is named falls short, the first of a level the most; everybody else meets the target exactly. Units are those of
the demonstration, the departments named as the letter names them. The letter writes "chưa đạt" and "thực hiện chậm"
once each; here every list is worded alike.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.services.demo import read_units
from tests.api.conftest import Clock
from tests.make import with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

NATURE, TRANSPORT = "Sở Tài nguyên và Môi trường", "Sở Giao thông Vận tải"
SCIENCE, FARMING = "Sở Khoa học và Công nghệ", "Sở Nông nghiệp và Phát triển nông thôn"
PLANNING, LABOUR = "Sở Kế hoạch và Đầu tư", "Sở Lao động - Thương binh và Xã hội"
CULTURE = "Sở Văn hóa, Thể thao và Du lịch"
HAM_YEN, LAM_BINH, CHIEM_HOA = "UBND huyện Hàm Yên", "UBND huyện Lâm Bình", "UBND huyện Chiêm Hóa"
YEN_SON, NA_HANG, SON_DUONG = "UBND huyện Yên Sơn", "UBND huyện Na Hang", "UBND huyện Sơn Dương"
CITY = "UBND thành phố Tuyên Quang"

TARGETS = {
    "updated_on_time": 100,
    "online_dossiers": 50,
    "paid_dossiers": 45,
    "digitised_input": 80,
    "digitised_results": 90,
}
FAILING = {
    "updated_on_time": [PLANNING, LABOUR, CULTURE],
    "online_dossiers": [
        *(NATURE, TRANSPORT, SCIENCE, FARMING),
        *(HAM_YEN, LAM_BINH, CHIEM_HOA, YEN_SON, NA_HANG, SON_DUONG, CITY),
    ],
    "paid_dossiers": [NATURE, CULTURE, TRANSPORT, YEN_SON, LAM_BINH],
    "digitised_input": [CHIEM_HOA, YEN_SON, NA_HANG],
    "digitised_results": [NATURE, LAM_BINH, YEN_SON, SON_DUONG],
}
PRINTED = {
    "updated_on_time": f"03 cơ quan, đơn vị không đạt: {PLANNING}; {LABOUR}; {CULTURE}.",
    "online_dossiers": "11 cơ quan, đơn vị không đạt: Sở Tài nguyên và Môi trường; Sở Giao thông Vận tải; Sở Khoa học "
    "và Công nghệ; Sở Nông nghiệp và Phát triển nông thôn; UBND các huyện: Hàm Yên, Lâm Bình, Chiêm Hóa, Yên Sơn, "
    "Na Hang, Sơn Dương, thành phố Tuyên Quang.",
    "paid_dossiers": f"05 cơ quan, đơn vị không đạt: {NATURE}; {CULTURE}; {TRANSPORT}; UBND huyện Yên Sơn và Lâm Bình.",
    "digitised_input": "03 cơ quan, đơn vị không đạt: UBND các huyện: Chiêm Hóa, Yên Sơn, Na Hang.",
    "digitised_results": "04 cơ quan, đơn vị không đạt: Sở Tài nguyên và Môi trường; UBND các huyện: Lâm Bình, "
    "Yên Sơn, Sơn Dương.",
}
LIVE = {"period": "2024-01", "under": "H60"}
ASKED = ",".join(TARGETS)


def units() -> list[dict[str, Any]]:
    """The province, its 11 departments and 7 districts of January, departments named as in the letter."""
    facts = [each.facts.model_dump(mode="json") for each in read_units()]
    then = [each for each in facts if (each["valid_from"] or "") < "2024-02"]
    ours = [each for each in then if each["code"].startswith("H60") and each["level"] != "commune"]
    return [{**each, "name": _as_in_letter(each)} for each in ours]


def _as_in_letter(unit: Mapping[str, Any]) -> str:
    name = str(unit["name"])
    return name.removesuffix(" tỉnh Tuyên Quang") if unit["level"] == "department" else name


def figures() -> list[dict[str, Any]]:
    """Of each indicator a figure for every department and district."""
    held = [each for each in units() if each["level"] != "province"]
    return [
        {
            "unit": unit["code"],
            "period": "2024-01",
            "indicator": indicator,
            "numerator": 10 * target - _shortfall(FAILING[indicator], unit["name"]),
            "denominator": 1000,
            "source": "provincial_system",
            "observed_at": "2024-02-05T09:00:00+07:00",
        }
        for indicator, target in TARGETS.items()
        for unit in held
    ]


def _shortfall(failing: list[str], name: str) -> int:
    """Dossiers short of the target; the first in the letter the most, the last of eleven one."""
    return len(failing) - failing.index(name) if name in failing else 0


@pytest.fixture
async def tuyen_quang(api: httpx.AsyncClient) -> None:
    await with_units(api, units())
    await with_figures(api, figures())
    targets = [{"indicator": code, "year": 2024, "unit": "H60", "target": each} for code, each in TARGETS.items()]
    answer = await api.put("/v1/targets", json={"items": targets})
    assert answer.json()["created"] == 5, answer.text


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, tuyen_quang: None, clock: Clock) -> int:
    """A published evaluation of the departments and districts, after which the targets became laxer."""
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-01", "under": "H60", "levels": ["department", "district"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    clock.forward(hours=1)
    laxer = [{"indicator": code, "year": 2024, "unit": "H60", "target": 0} for code in TARGETS]
    assert (await api.put("/v1/targets", json={"items": laxer})).json()["updated"] == 5
    return id


def named(rows: list[dict[str, str]], name: str) -> list[str]:
    return [row["Đơn vị"] for row in rows if row["Chỉ số"] == name]


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("indicator", sorted(TARGETS))
async def test_the_letter_names_who_misses_the_target(indicator: str, api: httpx.AsyncClient) -> None:
    (told,) = (await report(api, "below-target", indicator=indicator, **LIVE))["indicators"]

    assert (told["of"], told["below"], told["missing"]) == (18, len(FAILING[indicator]), 0)
    assert told["sentence"] == PRINTED[indicator]
    assert {item["unit"]["name"] for item in told["items"]} == set(FAILING[indicator])


@pytest.mark.usefixtures("tuyen_quang")
async def test_the_files_print_the_same_lists(api: httpx.AsyncClient) -> None:
    wanted = {"indicator": ASKED, **LIVE}
    names = {each["indicator"]: each["name"] for each in (await report(api, "below-target", **wanted))["indicators"]}

    listed = await csv_rows(api, "below-target", **wanted)
    counts = await csv_rows(api, "below-target", table="counts", **wanted)
    sheet = await sheet_rows(api, "below-target", "Đơn vị không đạt chỉ tiêu", **wanted)
    summed = await sheet_rows(api, "below-target", "Tổng hợp theo chỉ số", **wanted)

    for code, name in names.items():
        assert sorted(named(listed, name)) == sorted(FAILING[code])
    assert [row["Đơn vị"] for row in sheet] == [row["Đơn vị"] for row in listed]
    assert [row["Kết quả theo dõi"] for row in counts] == [PRINTED[code] for code in names]
    assert [(row["Không đạt"], row["Kết quả theo dõi"]) for row in summed] == [
        (len(FAILING[code]), PRINTED[code]) for code in names
    ]


@pytest.mark.usefixtures("tuyen_quang")
async def test_a_figure_stands_beside_its_target_and_its_gap(api: httpx.AsyncClient) -> None:
    worst, *_ = await csv_rows(api, "below-target", indicator="online_dossiers", **LIVE)
    in_sheet, *_ = await sheet_rows(
        api, "below-target", "Đơn vị không đạt chỉ tiêu", indicator="online_dossiers", **LIVE
    )

    assert worst["Đơn vị"] == NATURE
    told = [worst[head] for head in ("Tử số", "Mẫu số", "Đạt được", "Chỉ tiêu", "Chênh lệch", "Nguồn")]
    assert told == ["489", "1000", "48.90", "50", "-1.10", "Hệ thống tỉnh"]
    assert [in_sheet[head] for head in ("Tử số", "Mẫu số", "Đạt được", "Chỉ tiêu", "Chênh lệch")] == [
        *(489, 1000, 48.9, 50, -1.1)
    ]


async def test_everybody_reads_the_lists_over_a_published_evaluation(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, evaluation: int
) -> None:
    frozen = await report(anonymous, "below-target", evaluation=evaluation, indicator=ASKED)
    counts = await csv_rows(anonymous, "below-target", table="counts", evaluation=evaluation, indicator=ASKED)
    listed = await sheet_rows(anonymous, "below-target", "Đơn vị không đạt chỉ tiêu", evaluation=evaluation)
    live = await report(api, "below-target", **LIVE, indicator=ASKED)

    assert {each["indicator"]: each["sentence"] for each in frozen["indicators"]} == PRINTED
    assert [row["Kết quả theo dõi"] for row in counts] == list(PRINTED.values())
    assert len(listed) == 3 + 11 + 5 + 3 + 4
    assert {each["sentence"] for each in live["indicators"]} == {"Không có cơ quan, đơn vị không đạt."}
