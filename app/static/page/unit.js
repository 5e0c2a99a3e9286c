// One unit in one period: its score, its places, and why.

import { documentsButton } from "./documents.js";
import { bar, el } from "./dom.js";
import { number, percent, period as periodName, periodInside } from "./format.js";
import { changeMark, classLabel, decimalsOf, flagNotes, groupsOf, totalMove } from "./marks.js";
import { seriesView } from "./series.js";
import { href, state } from "./state.js";
import { text, wordFor } from "./texts.js";
import { treeView } from "./tree.js";

/** The page of a unit. `documents` are the rules by version, those of the explained score among them. */
export function unitView(answer, series, documents) {
    const rules = documents[answer.framework];
    const context = { rules, decimals: decimalsOf(rules) };
    return el(
        "article",
        { class: "unit" },
        el("p", { class: "back" }, el("a", { href: href({ unit: null }) }, `← ${text("back")}`)),
        heading(answer),
        score(answer, context),
        flagNotes(answer.flags),
        state().view ? groups(answer, context) : null,
        treeView(answer.criteria, state().view ? {} : answer.change.groups, context),
        seriesView(series, answer.period, documents),
    );
}

function heading({ unit, period, framework }) {
    const about = [text(`level_${unit.level}`), unit.code, periodName(period), framework];
    return el(
        "div",
        { class: "heading" },
        el("div", {}, el("h1", { tabindex: -1 }, unit.name), el("p", { class: "sub" }, about.join(" · "))),
        el("div", { class: "downloads" }, documentsButton({ unit, period })),
    );
}

function score(answer, { rules, decimals }) {
    const total = el(
        "p",
        { class: "big" },
        el("strong", {}, number(answer.total, decimals.total)),
        ` / ${number(answer.max)} `,
        classLabel(answer.band, rules),
    );
    return el(
        "div",
        { class: "score-card" },
        el("div", {}, total, bar(answer.total, answer.max)),
        el("dl", { class: "places" }, places(answer.ranks), changes(answer, decimals), basis(answer)),
    );
}

function entry(term, ...words) {
    return el("div", {}, el("dt", {}, term), el("dd", {}, ...words));
}

function places({ siblings, province, nationwide, reported }) {
    const place = (name, found) => telling(found) && entry(text(name), standing(found));
    return [
        place("rank_siblings", siblings),
        same(siblings, province) ? null : place("rank_province", province),
        place("rank_nationwide", nationwide),
        reported &&
            entry(
                text("rank_reported", { source: sourceOf(reported) }),
                el("strong", {}, number(reported.rank)),
                reported.of === null ? "" : `/${number(reported.of)}`,
            ),
    ];
}

/** The first of one is no place worth naming. */
function telling(found) {
    return found !== null && found.of > 1;
}

function sourceOf({ source }) {
    return source === null ? text("rank_source") : wordFor("source", source);
}

/** Where all units of a province stand directly under it, the two places are one and are told once. */
function same(one, other) {
    return one !== null && other !== null && one.rank === other.rank && one.of === other.of;
}

function standing({ rank, tied, of }) {
    if (rank === null) return text("unranked");
    return [el("strong", {}, number(rank)), `/${number(of)}`, tied > 1 ? ` (${text("tied", { count: tied })})` : ""];
}

function changes(answer, decimals) {
    const { change, ranks } = answer;
    const total = totalMove(answer);
    if (change.against === null || (total === null && change.rank === null)) return null;
    const words = [changeMark(total, decimals.total), ` ${text("points")}`];
    const moved = change.rank === null || !telling(ranks.siblings) ? [] : [" · ", ...movement(change.rank)];
    return entry(text("change_against", { period: periodInside(change.against) }), ...words, ...moved);
}

function movement(places) {
    return places === 0 ? [text("rank_same")] : [changeMark(places, 0), ` ${text("places")}`];
}

function basis({ method, coverage }) {
    return [method && entry(text("method"), text(`method_${method}`)), entry(text("coverage"), percent(coverage))];
}

/** The groups of a view, which are not the branches of the tree below. */
function groups(answer, { rules, decimals }) {
    const shown = groupsOf(rules, state().view).map((group) => {
        const points = answer.groups[group.code];
        const moved = answer.change.groups[group.code];
        return el(
            "li",
            {},
            el("span", {}, group.name),
            el("strong", {}, `${number(points, decimals.component)} / ${number(group.max)}`),
            bar(points, group.max),
            moved ? changeMark(moved, decimals.component) : null,
        );
    });
    return el("section", {}, el("h2", {}, text("groups_title")), el("ul", { class: "tiles" }, shown));
}
