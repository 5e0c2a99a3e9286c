import { address, csv, expect, form, key, period, rows, unit, unknown, wide } from "../office";
import { postEvaluation, postImport, publishEvaluation, readScores } from "./build/hey_api";
import { client } from "./build/hey_api/client.gen";

client.setConfig({ baseUrl: address, auth: key });

async function main(): Promise<void> {
  for (const body of [rows, wide]) {
    const json = await postImport({ body });
    expect(json.data?.rejected === 0, json.error);
  }
  for (const [kind, sent] of [["text/csv", csv], [null, form()]] as const) {
    const file = await postImport({ body: [], bodySerializer: () => sent, headers: { "Content-Type": kind } as never });
    expect(file.data?.rejected === 0, file.error);
  }
  const refused = await postImport({ body: unknown });
  expect(refused.error?.code === "import_rejected", refused);
  expect(refused.error.errors?.[0]?.code === "unit_unknown", refused.error);

  const board = await readScores({ query: { period, level: "province" } });
  const scores = board.data !== undefined && "summary" in board.data ? board.data.items : []; // a span has series
  expect(scores.some((item) => item.unit.code === unit && item.total === 81.77), board.error);

  const draft = await postEvaluation({ body: { period, levels: ["province"] } });
  expect(draft.data?.status === "draft", draft.error);
  const published = await publishEvaluation({ path: { id: draft.data.id } });
  expect(published.data?.status === "published", published.error);
}

void main();
