"""A board, imports, their errors and a published result, by the Python client of openapi-generator."""

import json
import os

from chiso_api import ApiClient, Configuration, EvaluationsApi, ImportsApi, ScoresApi
from chiso_api.exceptions import UnprocessableEntityException
from chiso_api.models import (
    ErrorCode,
    EvaluationBody,
    Figure,
    ImportRow,
    ImportWideRow,
    Level,
    PostImportRequestInner,
    Problem,
    ScoreList,
    Status,
)

UNIT, PERIOD = "H60", "2024-09"
CSV = f"unit,period,indicator,numerator,denominator\n{UNIT},{PERIOD},dossier_sync,25775,26080\n"


def main(client: ApiClient) -> None:
    imports, evaluations = ImportsApi(client), EvaluationsApi(client)
    wide = ImportWideRow(unit=UNIT, period=PERIOD, additional_properties={"transparency_points": 13.2})
    for row in (figure(UNIT, Figure("81.77")), PostImportRequestInner(wide)):
        assert imports.post_import([row]).rejected == 0
    sent_as_files(client)
    try:
        imports.post_import([figure("H6O", Figure(80))])
    except UnprocessableEntityException as refusal:
        problem = Problem.from_json(str(refusal.body))
    assert problem and problem.errors
    assert (problem.code, problem.errors[0].code) == (ErrorCode.IMPORT_REJECTED, ErrorCode.UNIT_UNKNOWN), problem

    board = ScoresApi(client).read_scores("province", period=PERIOD).actual_instance
    assert isinstance(board, ScoreList), board  # a span has series
    assert [item.total for item in board.items if item.unit.code == UNIT] == [81.77], board

    draft = evaluations.post_evaluation(EvaluationBody(period=PERIOD, levels=[Level.PROVINCE]))
    assert draft.status == Status.DRAFT, draft
    published = evaluations.publish_evaluation(draft.id)
    assert published.status == Status.PUBLISHED, published


def figure(unit: str, value: Figure) -> PostImportRequestInner:
    return PostImportRequestInner(ImportRow(unit=unit, period=PERIOD, indicator="total_points", value=value))


def sent_as_files(client: ApiClient) -> None:
    """The two ways of a file that the contract for clients leaves to plain HTTP."""
    url = f"{client.configuration.host}/v1/imports"
    key = {"Authorization": f"Bearer {client.configuration.access_token}"}
    form = [("file", ("thang-9.csv", CSV.encode(), "text/csv"))]
    for kind, body, parts in (("text/csv", CSV, None), ("multipart/form-data", None, form)):
        answer = client.call_api("POST", url, {**key, "Content-Type": kind}, body, parts)
        assert answer.status == 200, answer.read()
        assert json.loads(answer.read())["rejected"] == 0


if __name__ == "__main__":
    with ApiClient(Configuration(os.environ["CHISO_URL"], access_token=os.environ["CHISO_KEY"])) as opened:
        main(opened)
