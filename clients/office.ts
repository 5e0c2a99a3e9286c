/** What every program sends, and how it ends where an answer is not the expected one. */

declare const process: { env: Record<string, string | undefined> };

export const address = process.env.CHISO_URL ?? "http://127.0.0.1:8000";
export const key = process.env.CHISO_KEY ?? "";
export const unit = "H60";
export const period = "2024-09";
export const rows = [{ unit, period, indicator: "total_points", value: "81.77" }];
export const wide = [{ unit, period, transparency_points: 13.2 }];
export const unknown = [{ unit: "H6O", period, indicator: "total_points", value: 80 }];
export const csv = `unit,period,indicator,numerator,denominator\n${unit},${period},dossier_sync,25775,26080\n`;

export function form(): FormData {
  const found = new FormData();
  found.append("file", new Blob([csv], { type: "text/csv" }), "thang-9.csv");
  return found;
}

export function expect(holds: boolean, told: unknown): asserts holds {
  if (!holds) throw new Error(JSON.stringify(told));
}
