// The small signs that the ranking and the page of a unit share: classes, rises and falls, flags.

import { el, heard, tag } from "./dom.js";
import { localDay, number } from "./format.js";
import { elsewhere } from "./state.js";
import { named, text, wordFor } from "./texts.js";

const SHADES = 5;

/** Which of the five shades a class gets: by its position, so that any framework's classes have one. */
function shade(place, count) {
    return count < 2 ? 0 : Math.round((place * (SHADES - 1)) / (count - 1));
}

/** The framework's classes, the best first: `{code, name, shade}`. */
export function classesOf(rules) {
    return rules.bands.map((band, place) => ({
        code: band.code,
        name: named(band.name),
        shade: shade(place, rules.bands.length),
    }));
}

/** A class as a coloured label; its name says the same without colour. */
export function classLabel(band, rules) {
    if (band === null) return el("span", { class: "class unclassed" }, text("unclassed"));
    const found = classesOf(rules).find((each) => each.code === band.code) ?? { name: band.name, shade: SHADES - 1 };
    return el("span", { class: `class shade-${found.shade}` }, found.name);
}

/** A rise or fall: a sign for the eye, a word for the ear, nothing where nothing true can be said. */
export function changeMark(figure, decimals) {
    if (figure === null || figure === undefined) return el("span", { class: "change" }, signless("–", text("none")));
    if (figure === 0) return el("span", { class: "change" }, signless("=", text("same")));
    const [kind, sign] = figure > 0 ? ["up", "▲"] : ["down", "▼"];
    const shown = el("span", { "aria-hidden": "true" }, `${sign} `);
    return el("span", { class: `change ${kind}` }, shown, heard(`${text(kind)} `), number(Math.abs(figure), decimals));
}

/** The change of a unit's total; a sum of points that were rounded in print has none to tell. */
export function totalMove({ change, flags }) {
    return flags.includes("derived_total") ? null : change.total;
}

function signless(sign, words) {
    return [el("span", { "aria-hidden": "true" }, sign), heard(words)];
}

/** The flags as small labels. */
export function flagTags(flags) {
    return flags.map((flag) => tag(wordFor("flag", flag)));
}

/** What the flags mean, each once, in words. */
export function flagNotes(flags) {
    if (!flags.length) return null;
    const notes = flags.map((flag) => el("li", {}, tag(wordFor("flag", flag)), ` ${wordFor("why", flag)}`));
    return el("aside", { class: "notes", "aria-label": text("notes") }, el("ul", {}, notes));
}

/** When a result was published, and whether it still stands. */
export function standing({ status, published_at: published, superseded_by: heir }) {
    return el(
        "span",
        { class: "standing" },
        published && el("small", {}, text("published_on", { day: localDay(published) })),
        status !== "published" && [" ", tag(text(`status_${status}`))],
        heir && [" ", el("a", { href: elsewhere({ evaluation: heir }) }, text("superseded_by"))],
    );
}

/** The columns of groups that are shown: `{code, name, max}` of the top criteria, or of the view's groups. */
export function groupsOf(rules, viewCode) {
    const tops = rules.criteria.map(({ code, name, max }) => ({ code, name: named(name), max: Number(max) }));
    const view = (rules.views ?? []).find((each) => each.code === viewCode);
    if (!view) return tops;
    const max = Object.fromEntries(tops.map((top) => [top.code, top.max]));
    return view.groups.map((group) => ({
        code: group.code,
        name: named(group.name),
        max: group.members.reduce((sum, member) => sum + max[member], 0),
    }));
}

/** Decimals of component points and of totals, as the framework rounds them. */
export function decimalsOf(rules) {
    return { component: rules.rounding?.component ?? 2, total: rules.rounding?.total ?? 2 };
}
