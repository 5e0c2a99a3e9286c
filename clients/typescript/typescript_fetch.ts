import { address, csv, expect, form, key, period, rows, unit, unknown, wide } from "../office";
import { Configuration, EvaluationsApi, ImportsApi, ProblemFromJSON, ResponseError, ScoresApi } from "./build/typescript_fetch";

const configuration = new Configuration({ basePath: address, accessToken: key });
const imports = new ImportsApi(configuration);
const evaluations = new EvaluationsApi(configuration);

async function main(): Promise<void> {
  const json = await imports.postImport({ postImportRequestInner: rows });
  expect(json.rejected === 0, json);
  // of a union this generator makes one type, which leaves out what both rows do not name
  const others = [
    [{ "Content-Type": "application/json" }, wide as unknown as BodyInit],
    [{ "Content-Type": "text/csv" }, new Blob([csv])],
    [{}, form()],
  ] as const;
  for (const [headers, body] of others) {
    const done = await imports.postImport({ postImportRequestInner: [] }, async ({ init }) => {
      const { "Content-Type": _, ...sent } = init.headers as Record<string, string>;
      return { headers: { ...sent, ...headers }, body };
    });
    expect(done.rejected === 0, done);
  }
  const refused = await imports.postImport({ postImportRequestInner: unknown }).catch((error: unknown) => error);
  expect(refused instanceof ResponseError, refused);
  const problem = ProblemFromJSON(await refused.response.json());
  expect(problem.code === "import_rejected" && problem.errors?.[0]?.code === "unit_unknown", problem);

  const board = await new ScoresApi(configuration).readScores({ period, level: "province" });
  expect("summary" in board, board); // a span has series
  expect(board.items.some((item) => item.unit.code === unit && item.total === 81.77), board);

  const draft = await evaluations.postEvaluation({ evaluationBody: { period, levels: ["province"] } });
  expect(draft.status === "draft", draft);
  const published = await evaluations.publishEvaluation({ id: draft.id });
  expect(published.status === "published", published);
}

void main();
