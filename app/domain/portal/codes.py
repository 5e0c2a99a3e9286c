"""What the national portal calls its figures, what they are here, and what is read of an answer.

The names are those of docs/domain.md, Groups. The protocols are the records that `formats.portal` reads; the rooms do
not know each other.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from app.errors import Fault

Number = int | Decimal

ONLINE, PAYMENT, TOTAL = "online_points", "payment_points", "total_points"

POINTS: dict[str, str] = {
    "CKMB": "transparency_points",
    "TDGQ": "progress_points",
    "CLGQ": ONLINE,
    "ONLINE": ONLINE,
    "DVCTT": ONLINE,
    "TTTT": PAYMENT,
    "MDHL": "satisfaction_points",
    "MDSH": "digitization_points",
    "SHHS": "digitization_points",
    "TOTAL": TOTAL,
}
MAXIMA: dict[str, int] = {
    "transparency_points": 18,
    "progress_points": 20,
    ONLINE: 12,
    PAYMENT: 10,
    "satisfaction_points": 18,
    "digitization_points": 22,
    TOTAL: 100,
}
SHARES: dict[str, str] = {
    "PUBLISH_ON_TIME": "published_on_time",
    "PUBLIC_UPDATE_ON_TIME": "updated_on_time",
    "PUBLIC_CONTENT_FULL": "full_content",
    "DOSSIER_SYNC": "dossier_sync",
    "totalOnTime/totalReceived": "on_time",
    "partialCount+fullCount/authorityCount": "online_provision",
    "onlineDossierCount/onlineServiceTotal": "online_services_used",
    "channelOnlineSum/channelTotalSum": "online_dossiers",
    "totalFeeDossierFormality/totalFeeFormality": "fee_procedures_integrated",
    "totalDossierOnlineFormalityPaymentSuccess/totalFeeFormality": "fee_procedures_used",
    "totalDossierOnlinePaymentSuccess/totalDossierFinancialObligation": "paid_dossiers",
    "ORIGINAL_RESULT_AVAILABLE": "electronic_results",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "digitised_papers",
    "REUSED_DIGITIZED_DATA": "reused_data",
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": "personal_storage",
    "CITIZEN_DATA_CONNECTED_FORMALITY": "population_db_procedures",
    "CITIZEN_DATA_CONNECTED_DOSSIER": "population_db_dossiers",
    "ELECTRONIC_CERTIFIED_COPY": "certified_copies",
    "PETITION_CLASSIFICATION_TTHC": "petition_regulations",
    "PETITION_CLASSIFICATION_STAFF": "petition_staff",
    "PETITION_PROCESSING_ON_TIME": "petitions_on_time",
    "PETITION_HANDLING_SATISFACTION": "petition_satisfaction",
    "DOSSIER_RECEIVING_SATISFACTION": "service_satisfaction",
}
NUMBERS: dict[str, str] = {
    "totalReceived": "dossiers_received",
    "totalOverdue": "overdue_dossiers",
    "avgProcessingDays": "average_days",
}
INDICATORS: dict[str, str] = {**POINTS, **SHARES, **NUMBERS}
"""By metric, group (both names of a group), or the fields that a figure without a code is made of."""


class PortalFigure(Protocol):
    """One figure of a unit: counts, a rate or number (`value`), or points with the maximum stated beside them.

    Like a unit and an answer it has `faults` where something of it cannot be read.
    """

    @property
    def code(self) -> str: ...
    @property
    def pointer(self) -> str: ...
    @property
    def numerator(self) -> Number | None: ...
    @property
    def denominator(self) -> Number | None: ...
    @property
    def value(self) -> Number | None: ...
    @property
    def max(self) -> Number | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def pointers(self) -> Mapping[str, str]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


class PortalUnit(Protocol):
    """A unit as an answer names it: by code, by the portal's id, or by both."""

    @property
    def pointer(self) -> str: ...
    @property
    def code(self) -> str | None: ...
    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def is_root(self) -> bool: ...
    @property
    def named_at(self) -> str: ...
    @property
    def figures(self) -> Sequence[PortalFigure]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


class PortalFile(Protocol):
    """One saved answer; `total` is the number of units of which it may hold a page."""

    @property
    def endpoint(self) -> str: ...
    @property
    def pointer(self) -> str: ...
    @property
    def units(self) -> Sequence[PortalUnit]: ...
    @property
    def unread(self) -> Sequence[str]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...
    @property
    def total(self) -> int | None: ...
