import { address, key } from "../office";

/** How the client of orval sends a request: it leaves the address and the key to its user. */
export async function http<T>(path: string, options: RequestInit): Promise<T> {
  const headers = { ...options.headers, Authorization: `Bearer ${key}` };
  const response = await fetch(address + path, { ...options, headers });
  return { status: response.status, headers: response.headers, data: await response.json() } as T;
}
