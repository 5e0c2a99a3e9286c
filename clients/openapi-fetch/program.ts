import createClient from "openapi-fetch";
import { address, csv, expect, form, key, period, rows, unit, unknown, wide } from "../office";
import type { paths } from "./build/clients";

const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });

async function main(): Promise<void> {
  for (const body of [rows, wide]) {
    const json = await client.POST("/v1/imports", { body });
    expect(json.data?.rejected === 0, json.error);
  }
  for (const [kind, sent] of [["text/csv", csv], [null, form()]] as const) {
    const file = await client.POST("/v1/imports", {
      body: [],
      bodySerializer: () => sent,
      headers: { "Content-Type": kind },
    });
    expect(file.data?.rejected === 0, file.error);
  }
  const refused = await client.POST("/v1/imports", { body: unknown });
  expect(refused.error?.code === "import_rejected", refused);
  expect(refused.error.errors?.[0]?.code === "unit_unknown", refused.error);

  const board = await client.GET("/v1/scores", { params: { query: { period, level: "province" } } });
  const scores = board.data !== undefined && "summary" in board.data ? board.data.items : []; // a span has series
  expect(scores.some((item) => item.unit.code === unit && item.total === 81.77), board);

  const draft = await client.POST("/v1/evaluations", { body: { period, levels: ["province"] } });
  expect(draft.data?.status === "draft", draft.error);
  const path = { id: draft.data.id };
  const published = await client.POST("/v1/evaluations/{id}/publish", { params: { path } });
  expect(published.data?.status === "published", published.error);
}

void main();
