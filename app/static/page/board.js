// The ranking of one cohort.

import * as api from "./api.js";
import { announce, bar, el } from "./dom.js";
import { number, percent, periodInside, period as periodName } from "./format.js";
import { changeMark, classLabel, decimalsOf, flagNotes, flagTags, groupsOf, totalMove } from "./marks.js";
import { go, href, state } from "./state.js";
import { heading, summary } from "./summary.js";
import { text } from "./texts.js";

/** The ranking as elements. `answer` is the first page; `context` carries `rules`, `underName` and `failed`, and of a
 * published ranking its `evaluation`. */
export function boardView(answer, context) {
    const items = [...answer.items];
    const place = el("div", { class: "board" });
    const more = el("div", { class: "more" });
    const draw = (cursor) => {
        place.replaceChildren(...table(items, answer, context));
        more.replaceChildren(...below(items.length, answer.cohort.size, cursor, next));
        announce(text("shown", { shown: items.length, size: answer.cohort.size }));
    };
    const next = async (cursor) => {
        try {
            const page = await api.board(state(), cursor);
            const first = items.length;
            items.push(...page.items);
            draw(page.next_cursor);
            place.querySelectorAll("tbody a")[first]?.focus({ preventScroll: true });
        } catch (error) {
            context.failed(error);
        }
    };
    draw(answer.next_cursor);
    return el("section", {}, heading(answer, context), summary(answer, context.rules), place, more);
}

/** The table and what must be known to read it. Roles are stated because a phone shows the rows as cards. */
function table(items, answer, { rules }) {
    const shape = shapeOf(items, rules);
    const rows = el(
        "table",
        { role: "table", class: "ranking" },
        el("caption", { class: "hidden" }, `${text(`level_${answer.cohort.level}`)}, ${periodName(answer.period)}`),
        el("thead", { role: "rowgroup" }, head(shape)),
        el(
            "tbody",
            { role: "rowgroup" },
            items.map((item) => row(item, shape)),
        ),
    );
    const all = [...new Set(items.flatMap((item) => item.flags))];
    return [flagNotes(all), comparison(items), scrolling(rows)].filter(Boolean);
}

/** A header cannot stay on top inside a box that scrolls sideways, so the box scrolls only where it must. */
function scrolling(rows) {
    const box = el("div", { class: "sideways" }, rows);
    new ResizeObserver(() => box.classList.toggle("wide", rows.scrollWidth > box.clientWidth)).observe(box);
    return box;
}

/** Which columns say something about these units: an empty column would only be clutter. */
function shapeOf(items, rules) {
    const universal = (flag) => items.every((item) => item.flags.includes(flag));
    return {
        rules,
        groups: groupsOf(rules, state().view),
        decimals: decimalsOf(rules),
        compared: items.some((item) => totalMove(item) !== null || item.change.rank !== null),
        universal: new Set(items.flatMap((item) => item.flags).filter(universal)),
    };
}

/** Flags that say why there is no change, although there are two periods to compare. */
const WHY = new Set(["rules_changed", "basis_changed", "unit_changed", "before_incomplete", "not_observed_again"]);

function comparison(items) {
    const against = items[0]?.change.against;
    if (!against) return null;
    const compared = items.some(
        (item) => item.change.total !== null || item.change.rank !== null || item.flags.some((flag) => WHY.has(flag)),
    );
    return el(
        "p",
        { class: "facts against" },
        text(compared ? "against" : "against_none", { period: periodInside(against) }),
    );
}

const ORDERS = {
    rank: ["rank", "-rank"],
    name: ["name", "-name"],
    total: ["-total", "total"],
    change: ["-change", "change"],
};

function head({ groups, compared }) {
    const cell = (name, words, extra) => el("th", { role: "columnheader", scope: "col", class: name }, words, extra);
    const sorted = (name, words) =>
        el(
            "th",
            { role: "columnheader", scope: "col", class: name, "aria-sort": sortOf(name) },
            sortButton(name, words),
        );
    return el(
        "tr",
        { role: "row" },
        sorted("rank", text("rank")),
        sorted("name", text("unit")),
        sorted("total", text("total")),
        cell("class-of", text("class")),
        groups.map((group) => cell("group", group.name, el("small", {}, text("of_max", { max: number(group.max) })))),
        compared && [sorted("change", text("change_total")), cell("change-rank", text("change_rank"))],
    );
}

function sortOf(name) {
    const place = ORDERS[name].indexOf(state().sort ?? "rank");
    if (place < 0) return null;
    return ORDERS[name][place].startsWith("-") ? "descending" : "ascending";
}

function sortButton(name, words) {
    const [first, second] = ORDERS[name];
    const now = state().sort ?? "rank";
    const sign = { ascending: " ↑", descending: " ↓" }[sortOf(name)] ?? "";
    const act = () => go({ sort: now === first ? second : first });
    const label = text("sort_by", { column: words });
    return el(
        "button",
        { type: "button", title: label, "data-focus": `sort-${name}`, onclick: act },
        words,
        el("span", { "aria-hidden": "true" }, sign),
    );
}

function row(item, { rules, groups, decimals, compared, universal }) {
    const cell = (name, ...children) => el("td", { role: "cell", class: name }, ...children);
    return el(
        "tr",
        { role: "row" },
        cell(
            "rank",
            el("span", { class: "place" }, number(item.rank)),
            item.tied > 1 && el("small", {}, text("tied", { count: item.tied })),
        ),
        unitCell(
            item,
            item.flags.filter((flag) => !universal.has(flag)),
        ),
        cell("total", number(item.total, decimals.total)),
        cell("class-of", classLabel(item.band, rules)),
        groups.map((group) => groupCell(item.groups[group.code], group, decimals)),
        compared && [
            cell("change", changeMark(totalMove(item), decimals.total)),
            cell("change-rank", changeMark(item.change.rank, 0)),
        ],
    );
}

/** The unit with what sets it apart: its own flags, and how much of it rests on figures where that is not all. */
function unitCell({ unit, coverage }, flags) {
    // what is public is the frozen ranking; behind the link stand live figures
    const link = state().evaluation ? unit.name : el("a", { href: href({ unit: unit.code }) }, unit.name);
    const covered = coverage < 1 && el("small", {}, text("covered", { share: percent(coverage) }));
    return el(
        "th",
        { role: "rowheader", scope: "row", class: "name" },
        link,
        " ",
        el("small", {}, unit.code),
        flagTags(flags),
        covered,
    );
}

function groupCell(points, group, decimals) {
    const value = el("span", { class: "points" }, number(points, decimals.component));
    return el(
        "td",
        { role: "cell", class: "group", "data-name": group.name },
        value,
        points === null ? null : bar(points, group.max),
    );
}

function below(shown, size, cursor, next) {
    if (cursor === null) return [];
    const act = (event) => ((event.target.disabled = true), next(cursor));
    return [
        el("p", {}, text("shown", { shown: number(shown), size: number(size) })),
        el("button", { type: "button", class: "main", "data-focus": "more", onclick: act }, text("more")),
    ];
}
