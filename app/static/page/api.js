// Questions to the service, with the key where one was given.

import { language, text } from "./texts.js";

const KEY = "chiso.key";
const PAGE = 200;
const DOCUMENTS = new Map();

/** An answer other than the one hoped for; `status` 0 where there was none at all. */
export class Refusal extends Error {
    constructor(status, problem) {
        super(problem.detail);
        this.status = status;
        this.code = problem.code;
        this.title = problem.title;
        this.faults = (problem.errors ?? []).map((each) => each.detail);
    }
}

// The key lives in this tab only; storage may be forbidden, then it lives as long as the page is open.
let held = null;

export function key() {
    try {
        return sessionStorage.getItem(KEY) ?? held;
    } catch {
        return held;
    }
}

export function keepKey(secret) {
    held = secret;
    try {
        if (secret === null) sessionStorage.removeItem(KEY);
        else sessionStorage.setItem(KEY, secret);
    } catch {
        // `held` serves until the page is left
    }
}

function address(path, parameters) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
        if (value !== null && value !== undefined && value !== "") query.set(name, value);
    }
    return query.size ? `${path}?${query}` : path;
}

async function ask(path, parameters, signal) {
    const headers = { "Accept-Language": language() };
    if (key()) headers.Authorization = `Bearer ${key()}`;
    let response;
    try {
        response = await fetch(address(path, parameters), { headers, signal });
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Refusal(0, { code: "offline", title: text("refused"), detail: text("offline") });
    }
    if (!response.ok) throw new Refusal(response.status, await problemOf(response));
    return response;
}

async function problemOf(response) {
    try {
        return await response.json();
    } catch {
        return { code: "unknown", title: text("refused"), detail: `HTTP ${response.status}` }; // a proxy's own page
    }
}

async function get(path, parameters = {}, signal = undefined) {
    return (await ask(path, parameters, signal)).json();
}

/** All versions of all frameworks. */
export async function frameworks() {
    return (await get("v1/frameworks")).items;
}

/** The document of one version; the same for the whole visit. */
export async function framework(id) {
    if (!DOCUMENTS.has(id)) DOCUMENTS.set(id, await get(`v1/frameworks/${id}`));
    return DOCUMENTS.get(id);
}

/** The periods that hold data, the newest first and a year before its parts. */
export async function periods() {
    const { items } = await get("v1/periods", { limit: 1000 });
    const order = (one, other) =>
        other.ends_on.localeCompare(one.ends_on) || one.starts_on.localeCompare(other.starts_on);
    return items.sort(order);
}

export async function units(parameters, signal) {
    return (await get("v1/units", parameters, signal)).items;
}

export function unit(code) {
    return get(`v1/units/${encodeURIComponent(code)}`);
}

/** One page of a ranking; `choice` is the state of the page. */
export function board(choice, cursor, signal) {
    const [path, query] = boardOf(choice);
    return get(path, { ...query, limit: PAGE, cursor }, signal);
}

/** Where a ranking is asked for: a published one at its evaluation, which fixes everything but the level. */
function boardOf({ evaluation: id, period, level, under, framework: name, view, sort }) {
    if (id) return [`v1/evaluations/${encodeURIComponent(id)}/scores`, { level, view, sort }];
    return ["v1/scores", { period, level, under, framework: name, view, sort }];
}

/** Results that are public, the newest first. */
export async function published(signal) {
    return (await get("v1/evaluations", { status: "published" }, signal)).items;
}

export function evaluation(id, signal) {
    return get(`v1/evaluations/${encodeURIComponent(id)}`, {}, signal);
}

/** How many units of a level have figures, without their rows. */
export async function cohort({ period, under, framework: name }, level, signal) {
    return (await get("v1/scores", { period, under, framework: name, level, limit: 1 }, signal)).cohort;
}

export function explained({ unit: code, period, framework: name, view }, signal) {
    return get(
        `v1/scores/${encodeURIComponent(code)}/${encodeURIComponent(period)}`,
        { framework: name, view },
        signal,
    );
}

export async function series({ unit: code, framework: name }, signal) {
    return (await get(`v1/scores/${encodeURIComponent(code)}`, { framework: name, limit: 1000 }, signal)).items;
}

/** Save the whole ranking as a file. */
export async function download(choice, format) {
    const [path, query] = boardOf(choice);
    const { evaluation: id, period, level, under, view } = choice;
    await save(path, { ...query, format }, nameOf([id, period, level, under, view], format));
}

/** The kinds of letters that an office has files of its own for: the unit, or one above it. */
export async function letterKinds(code) {
    if (code === null || key() === null) return [];
    const [{ items }, { ancestors }] = await Promise.all([
        get("v1/letter-templates", { limit: 1000 }),
        get(`v1/units/${encodeURIComponent(code)}/lineage`),
    ]);
    const offices = new Set([code, ...ancestors]);
    return [...new Set(items.filter((each) => offices.has(each.unit)).map((each) => each.kind))].sort();
}

/** Save a letter, to be completed and signed, by the Word file of its `kind` or put together by the service.
 *
 * `about` is what it is of; `force`: whatever is wrong with its figures. */
export async function letter(about, kind, format, force) {
    await save("v1/reports/announcement", { ...about, letter: kind, format, force });
}

/** Save the one page for the leader. */
export async function brief(about, format) {
    const { evaluation: id, period, under } = about;
    await save("v1/reports/brief", { ...about, format }, nameOf(["brief", id, period, under], format));
}

/** The short text for chat groups. */
export async function notice(about) {
    return (await ask("v1/reports/notice", about)).text();
}

function nameOf(parts, format) {
    return ["chiso", ...parts].filter(Boolean).join("_") + `.${format}`;
}

/** Save a file, under the name that the service gives it where the page has none. A plain link could not carry the
 * key, and a key has no place in an address. */
async function save(path, query, name) {
    const response = await ask(path, query);
    const place = URL.createObjectURL(await response.blob());
    const link = document.createElement("a");
    link.href = place;
    link.download = name ?? /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(place), 10_000); // the browser reads it after the click returns
}
