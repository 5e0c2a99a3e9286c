"""The names that the national portal's reporting answers use, endpoint by endpoint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortalEndpoint:
    """One endpoint's answer: where its units stand, whose points a unit's score is, and the names only it has."""

    endpoint: str
    group: str
    root: str
    units: str
    own: frozenset[str]


SHAPES = (
    PortalEndpoint(
        "service-results",
        "TOTAL",
        "overview",
        "evaluation",
        frozenset({"radar", "donuts", "dossierChart", "groupScores", "childGroup", "without metrics"}),
    ),
    PortalEndpoint(
        "transparency",
        "CKMB",
        "overview",
        "evaluation",
        frozenset({"PUBLISH_ON_TIME", "PUBLIC_UPDATE_ON_TIME", "PUBLIC_CONTENT_FULL", "DOSSIER_SYNC"}),
    ),
    PortalEndpoint("dvc-progress-tree", "TDGQ", "parent", "children", frozenset({"totalReceived", "totalOnTime"})),
    PortalEndpoint(
        "provide-online-tree",
        "CLGQ",
        "parent",
        "children",
        frozenset({"authorityCount", "onlineServiceTotal", "channelTotalSum"}),
    ),
    PortalEndpoint(
        "formality-online-payment-tree",
        "TTTT",
        "parent",
        "children",
        frozenset({"totalDossierFinancialObligation", "totalDossierOnlinePaymentSuccess", "totalFeeFormality"}),
    ),
    PortalEndpoint(
        "dossier-digitized",
        "MDSH",
        "overview",
        "evaluation",
        frozenset(
            {
                "ORIGINAL_RESULT_AVAILABLE",
                "SO_HOA_GIAY_TO_GIAI_QUYET",
                "REUSED_DIGITIZED_DATA",
                "SYNCED_WITH_DVCQG_PERSONAL_STORAGE",
                "CITIZEN_DATA_CONNECTED_DOSSIER",
                "CITIZEN_DATA_CONNECTED_FORMALITY",
                "ELECTRONIC_CERTIFIED_COPY",
            }
        ),
    ),
    PortalEndpoint(
        "handling-satisfaction",
        "MDHL",
        "overview",
        "evaluation",
        frozenset(
            {
                "PETITION_CLASSIFICATION_TTHC",
                "DOSSIER_RECEIVING_SATISFACTION",
                "PETITION_PROCESSING_ON_TIME",
                "PETITION_HANDLING_SATISFACTION",
                "PETITION_CLASSIFICATION_STAFF",
            }
        ),
    ),
)

GROUPS = "groupScores"

COUNTS: dict[str, tuple[tuple[tuple[str, ...], str | None], ...]] = {
    "dvc-progress-tree": (
        (("totalOnTime",), "totalReceived"),
        (("totalReceived",), None),
        (("totalOverdue",), None),
        (("avgProcessingDays",), None),
    ),
    "provide-online-tree": (
        (("partialCount", "fullCount"), "authorityCount"),
        (("onlineDossierCount",), "onlineServiceTotal"),
        (("channelOnlineSum",), "channelTotalSum"),
    ),
    "formality-online-payment-tree": (
        (("totalDossierOnlinePaymentSuccess",), "totalDossierFinancialObligation"),
        (("totalFeeDossierFormality",), "totalFeeFormality"),
        (("totalDossierOnlineFormalityPaymentSuccess",), "totalFeeFormality"),
    ),
}
"""Figures that have no code: the fields to add up, and the field they are a share of (None: a number by itself)."""

DISTINCT: dict[tuple[str, str], str] = {
    ("totalDossierOnlineFormalityPaymentSuccess", "totalFeeFormality"): "totalFeeDossierFormalityDistinct"
}
"""By numerator and denominator, the field that counts the same things once each; it stands where an answer has it."""

KINDS: dict[tuple[str, str], str] = {
    ("departmentType", "PROVINCE"): "PROVINCE",
    ("departmentType", "PROVINCIAL_DEPARTMENT"): "PROVINCIAL_DEPARTMENT",
    ("departmentType", "COMMUNE_PEOPLE_COMMITTEE"): "COMMUNE_PEOPLE_COMMITTEE",
    ("childGroup", "AGENCY"): "PROVINCIAL_DEPARTMENT",
    ("childGroup", "COMMUNE"): "COMMUNE_PEOPLE_COMMITTEE",
    ("level", "PROVINCE"): "PROVINCIAL_DEPARTMENT",
    ("level", "COMMUNE"): "COMMUNE_PEOPLE_COMMITTEE",
}
"""Three ways to say what a unit is, in the words of one; a tree's children of `level` PROVINCE are departments."""

REST_TOTAL = "TONG_SCORE"
REST_GROUPS = frozenset({"CKMB", "TDGQ", "CLGQ", "ONLINE", "DVCTT", "TTTT", "MDHL", "MDSH", "SHHS", REST_TOTAL})
REST_IGNORED = frozenset({"ID", "TEN", "MA_COQUAN", "LOAI_COQUAN", "ROW_STT"})
