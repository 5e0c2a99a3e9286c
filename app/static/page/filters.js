// The controls above the table: they show the choices of the address and change them.

import * as api from "./api.js";
import { el } from "./dom.js";
import { day, period as periodName } from "./format.js";
import { makePicker } from "./picker.js";
import { go, state } from "./state.js";
import { named, text } from "./texts.js";

export const LEVELS = ["ministry", "province", "department", "district", "commune", "other"];
const ABOVE = ["province", "ministry", "district"]; // the levels that have units below them
const part = (id) => document.getElementById(id);

const LIVE = { unit: null, evaluation: null, published: null };

let within = null;

/** Connect the controls, once. A choice leaves the unit that was shown: the controls speak of rankings. */
export function connectFilters() {
    for (const name of ["framework", "period", "level", "view"]) {
        part(name).addEventListener("change", (event) =>
            go({ [name]: event.target.value, ...LIVE, ...dropped(name) }),
        );
    }
    part("filters").addEventListener("submit", (event) => event.preventDefault());
    within = makePicker(part("under"), searchAbove, (unit) => go({ under: unit.code, ...LIVE }));
    const find = makePicker(part("find"), searchAll, (unit) => (find.show(""), go({ ...LIVE, unit: unit.code })));
}

/** What a choice leaves behind: of a published ranking only its level and its grouping can be chosen. */
function dropped(name) {
    if (name === "framework") return { view: null }; // another framework has other views
    return ["level", "view"].includes(name) ? { evaluation: state().evaluation } : {};
}

async function searchAbove(words, signal) {
    const found = await Promise.all(
        ABOVE.map((level) => api.units({ level, q: words, sort: "name", limit: 100 }, signal)),
    );
    return [...(words ? [] : [{ code: null, name: text("nationwide") }]), ...found.flat()];
}

async function searchAll(words, signal) {
    return words ? api.units({ q: words, sort: "name", limit: 30 }, signal) : null;
}

/** Show the choices; `counts` are the units with figures by level, as far as they are known.
 *
 * A published ranking has a framework and a period of its own, and a few `levels`. */
export function showFilters({ versions, periods, document: rules, underName, counts = {}, levels = LEVELS, fixed = {} }) {
    const { framework, period, level, view } = { ...state(), ...fixed };
    fill("framework", frameworkOptions(versions), framework);
    fill("period", periodOptions(periods, period), period);
    fill(
        "level",
        levels.map((each) => [each, levelName(each, counts)]),
        level,
    );
    fill("view", rules ? viewOptions(rules) : [], view);
    part("view-field").hidden = !rules?.views?.length;
    within.show(underName ?? text("nationwide"));
}

function levelName(level, counts) {
    const name = text(`level_${level}`);
    return counts[level] === undefined ? name : text("level_count", { level: name, count: counts[level]?.size ?? 0 });
}

function frameworkOptions(versions) {
    const codes = [...new Set(versions.map((each) => each.code))];
    const inForce = codes.map((code) => [code, text("framework_in_force", { code })]);
    const each = ({ id, code, version, valid_from: from }) => [
        id,
        text("framework_version", { code, version, from: day(from) }),
    ];
    return [["", text("framework_default")], ...inForce, ...versions.map(each)];
}

function periodOptions(periods, chosen) {
    const codes = periods.map((each) => each.code);
    if (chosen && !codes.includes(chosen)) codes.unshift(chosen); // an address may name a period without figures
    return codes.map((code) => [code, periodName(code)]);
}

function viewOptions(rules) {
    const own = ["", text("view_default", { count: rules.criteria.length })];
    return [own, ...(rules.views ?? []).map((view) => [view.code, named(view.name)])];
}

function fill(name, options, chosen) {
    part(name).replaceChildren(...options.map(([value, words]) => el("option", { value }, words)));
    part(name).value = chosen ?? "";
}
