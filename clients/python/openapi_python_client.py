"""A board, imports, their errors and a published result, by the client of openapi-python-client."""

import os

from chiso_client import AuthenticatedClient
from chiso_client.api.evaluations import post_evaluation, publish_evaluation
from chiso_client.api.imports import post_import
from chiso_client.api.scores import read_scores
from chiso_client.models import (
    ErrorCode,
    EvaluationBody,
    EvaluationOut,
    EvaluationStated,
    ImportOut,
    ImportRow,
    ImportWideRow,
    Level,
    Problem,
    ScoreList,
    Status,
)

UNIT, PERIOD = "H60", "2024-09"
CSV = f"unit,period,indicator,numerator,denominator\n{UNIT},{PERIOD},dossier_sync,25775,26080\n".encode()


def main(client: AuthenticatedClient) -> None:
    wide = ImportWideRow(unit=UNIT, period=PERIOD)
    wide["transparency_points"] = 13.2
    for row in (ImportRow(unit=UNIT, period=PERIOD, indicator="total_points", value="81.77"), wide):
        done = post_import.sync(client=client, body=[row])
        assert isinstance(done, ImportOut) and done.rejected == 0, done
    http = client.get_httpx_client()
    for answer in (
        http.post("/v1/imports", content=CSV, headers={"Content-Type": "text/csv"}),
        http.post("/v1/imports", files={"file": ("thang-9.csv", CSV, "text/csv")}),
    ):
        assert ImportOut.from_dict(answer.raise_for_status().json()).rejected == 0, answer.text
    unknown = ImportRow(unit="H6O", period=PERIOD, indicator="total_points", value=80)
    refused = post_import.sync(client=client, body=[unknown])
    assert isinstance(refused, Problem) and refused.code == ErrorCode.IMPORT_REJECTED, refused
    assert refused.errors and refused.errors[0].code == ErrorCode.UNIT_UNKNOWN, refused

    board = read_scores.sync(client=client, period=PERIOD, level="province")
    assert isinstance(board, ScoreList), board
    assert [item.total for item in board.items if item.unit.code == UNIT] == [81.77], board

    draft = post_evaluation.sync(client=client, body=EvaluationBody(period=PERIOD, levels=[Level.PROVINCE]))
    assert isinstance(draft, EvaluationOut | EvaluationStated) and draft.status == Status.DRAFT, draft
    published = publish_evaluation.sync(draft.id, client=client)
    assert not isinstance(published, Problem | None) and published.status == Status.PUBLISHED, published


if __name__ == "__main__":
    main(AuthenticatedClient(os.environ["CHISO_URL"], os.environ["CHISO_KEY"]))
