// What is shown where there is no table: what is missing, and the ways out.

import * as api from "./api.js";
import { documentsButton } from "./documents.js";
import { el, panel } from "./dom.js";
import { period as periodName, periodInside } from "./format.js";
import { LEVELS } from "./filters.js";
import { href, state } from "./state.js";
import { text } from "./texts.js";

const RECENT = 12; // periods looked into for a way out

/** No unit of the level has figures in the period: other levels of it, or other periods of the level.
 *
 * The unit `underName` may have figures of its own to write of. */
export async function emptyBoard(counts, { periods, underName }, signal) {
    const levels = LEVELS.filter((level) => counts[level].size > 0);
    const recent = periods.slice(0, RECENT).map((each) => each.code);
    const sizes = await Promise.all(recent.map((period) => sizeIn(period, signal)));
    const held = recent.filter((_, place) => sizes[place] > 0);
    return panel(
        text("empty_board"),
        ways(
            text("empty_levels"),
            levels.map((level) => [
                { level },
                text("level_count", { level: text(`level_${level}`), count: counts[level].size }),
            ]),
        ),
        ways(
            text("empty_periods"),
            held.map((period) => [{ period }, periodName(period)]),
        ),
        levels.length || held.length ? null : el("p", {}, text("empty_everything")),
        underName && el("p", {}, documentsButton({ unit: { code: state().under, name: underName }, period: state().period })),
    );
}

async function sizeIn(period, signal) {
    const { level } = state();
    try {
        return (await api.cohort({ ...state(), period }, level, signal)).size;
    } catch (error) {
        if (error.status === 404) return 0; // no version of the framework was in force then
        throw error;
    }
}

/** The unit has no figures in the period: the periods in which it has. */
export function emptyUnit(unit, series) {
    const periods = series.map((item) => [{ period: item.period }, periodName(item.period)]).reverse();
    return panel(
        text("empty_unit", { unit: unit.name, period: periodInside(state().period) }),
        ways(text("empty_unit_periods"), periods),
        el("p", {}, el("a", { href: href({ unit: null }) }, `← ${text("back")}`)),
    );
}

function ways(words, found) {
    if (!found.length) return null;
    return [
        el("p", {}, words),
        el(
            "ul",
            { class: "ways" },
            found.map(([changes, name]) => el("li", {}, el("a", { href: href(changes) }, name))),
        ),
    ];
}

/** The service said no, or nothing at all. */
export function refusal(error, again, enter) {
    const words = error.status === undefined ? String(error) : error.message;
    if (error.status === 401)
        return panel(text("key_title"), el("p", {}, text("key_why")), button(text("key_enter"), enter));
    const passing = !(error.status >= 400 && error.status < 500); // the same question would be refused again
    return panel(
        error.title ?? text("refused"),
        el("p", {}, words),
        passing ? button(text("again"), again) : null,
        " ",
        el("a", { href: "?" }, text("start_over")),
    );
}

function button(words, act) {
    return el("button", { type: "button", class: "main", onclick: act }, words);
}
