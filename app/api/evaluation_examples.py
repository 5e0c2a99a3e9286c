"""The examples of evaluations: a province's total of July 2024 drawn up, published, checked and withdrawn."""

from typing import Any

from app.api.examples import SCORES

ASKED: dict[str, Any] = {
    "framework": "qd766",
    "period": "2024-07",
    "under": None,
    "levels": ["province"],
    "against": "2024-06",
    "title": "Kết quả đánh giá tháng 7/2024",
}
DIGEST = "9f2c5a0d4be1c07e38f6a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6"
DRAFT: dict[str, Any] = {
    "id": 1,
    "status": "draft",
    "framework": "qd766@2022",
    "period": "2024-07",
    "under": None,
    "levels": ["province"],
    "against": "2024-06",
    "title": "Kết quả đánh giá tháng 7/2024",
    "as_of": "2024-08-26T02:05:00.123456Z",
    "observed_by": None,
    "digest": DIGEST,
    "cohorts": [{"level": "province", "size": 1, "ranked": 1}],
    "created_at": "2024-08-26T03:00:00Z",
    "published_at": None,
    "superseded_at": None,
    "withdrawn_at": None,
    "supersedes": None,
    "superseded_by": None,
    "reason": None,
}
PUBLISHES: dict[str, Any] = {
    "tasks": 1,
    "publications": 1,
    "notes": 0,
    "targets": 1,
    "letter_profile": 0,
    "see": [
        "/v1/reports/tasks?evaluation=1",
        "/v1/reports/publication?evaluation=1",
        "/v1/reports/below-target?evaluation=1",
    ],
}
PUBLISHED: dict[str, Any] = {**DRAFT, "status": "published", "published_at": "2024-08-27T01:00:00Z"}
WITHDRAWAL = {"reason": "Số liệu đồng bộ hồ sơ của kỳ chưa đầy đủ"}
WITHDRAWN: dict[str, Any] = {
    **PUBLISHED,
    **WITHDRAWAL,
    "status": "withdrawn",
    "withdrawn_at": "2024-08-28T01:00:00Z",
}
EVALUATION_SCORES: dict[str, Any] = SCORES
VERIFIED: dict[str, Any] = {"id": 1, "digest": DIGEST, "recomputed": DIGEST, "matches": True, "differences": []}
UNCHANGED: dict[str, Any] = {"id": 1, "against": 1, "differences": [], "figures": []}
