import { csv, expect, form, period, rows, unit, unknown, wide } from "../office";
import { postEvaluation, publishEvaluation } from "./build/orval/evaluations/evaluations";
import { getPostImportUrl, postImport } from "./build/orval/imports/imports";
import { readScores } from "./build/orval/scores/scores";
import { http } from "./http";

async function main(): Promise<void> {
  for (const body of [rows, wide]) {
    const json = await postImport(body);
    expect(json.status === 200 && json.data.rejected === 0, json.data);
  }
  for (const [headers, body] of [[{ "Content-Type": "text/csv" }, csv], [{}, form()]] as const) {
    const file = await http<Awaited<ReturnType<typeof postImport>>>(getPostImportUrl(), { method: "POST", headers, body });
    expect(file.status === 200 && file.data.rejected === 0, file.data);
  }
  const refused = await postImport(unknown);
  expect(refused.status === 422 && refused.data.code === "import_rejected", refused.data);
  expect(refused.data.errors?.[0]?.code === "unit_unknown", refused.data);

  const board = await readScores({ period, level: "province" });
  expect(board.status === 200 && "summary" in board.data, board); // a span has series
  expect(board.data.items.some((item) => item.unit.code === unit && item.total === 81.77), board.data);

  const draft = await postEvaluation({ period, levels: ["province"] });
  expect(draft.status === 201 && draft.data.status === "draft", draft.data);
  const published = await publishEvaluation(draft.data.id, {});
  expect(published.status === 200 && published.data.status === "published", published.data);
}

void main();
