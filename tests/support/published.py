"""Published figures under the rule sets that ship: reading them, and the codes that the portal gives its metrics."""

import csv
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.figures import unscaled
from app.domain.frameworks.check import read_framework
from app.domain.frameworks.framework import Framework
from app.domain.scoring.board import Board, groups
from app.domain.scoring.score import score
from app.formats.documents import read_yaml
from tests.support.cohorts import Cell, columns_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "golden" / "data"

INDICATORS = {
    "PUBLISH_ON_TIME": "published_on_time",
    "PUBLIC_UPDATE_ON_TIME": "updated_on_time",
    "PUBLIC_CONTENT_FULL": "full_content",
    "DOSSIER_SYNC": "dossier_sync",
    "ORIGINAL_RESULT_AVAILABLE": "electronic_results",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "digitised_papers",
    "REUSED_DIGITIZED_DATA": "reused_data",
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": "personal_storage",
    "CITIZEN_DATA_CONNECTED_DOSSIER": "population_db_dossiers",
    "CITIZEN_DATA_CONNECTED_FORMALITY": "population_db_procedures",
    "ELECTRONIC_CERTIFIED_COPY": "certified_copies",
    "PETITION_PROCESSING_ON_TIME": "petitions_on_time",
    "PETITION_HANDLING_SATISFACTION": "petition_satisfaction",
    "DOSSIER_RECEIVING_SATISFACTION": "service_satisfaction",
    "TDGQ_TienDoGiaiQuyet": "on_time",
}


def shipped(name: str) -> Framework:
    """A framework as it ships, `qd766@2026`."""
    framework, faults = read_framework(read_yaml((ROOT / "app" / "frameworks" / f"{name}.yaml").read_bytes()))
    assert framework is not None, faults
    return framework


def read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"), parse_float=Decimal)


def cell(numerator: object, denominator: object, value: object = None) -> Cell:
    """A figure as the builders write it: counts with the stated value beside them, or one of the two."""
    stated = "" if value in (None, "") else str(value)
    if numerator in (None, "") or denominator in (None, ""):
        return stated or None
    return f"{numerator}/{denominator}" + (f"={stated}" if stated else "")


def board_of(framework: str, level: Any, units: Mapping[str, Mapping[str, Cell]]) -> Board:
    """The board of units whose figures are given by indicator; what a unit does not name it does not have."""
    named = sorted({indicator for figures in units.values() for indicator in figures})
    columns = columns_of({one: [figures.get(one) for figures in units.values()] for one in named})
    return score(shipped(framework), level, columns, len(units))


def group_points(board: Board, unit: int) -> dict[str, Decimal | None]:
    """The groups of one unit in points, None where it has none."""
    decimals = board.framework.rounding.component
    return {
        code: unscaled(int(group.points[unit]), decimals) if group.known[unit] else None
        for code, group in groups(board).items()
    }
