// A unit through time: a small drawing of its totals, and the same as a table.

import { el, svg } from "./dom.js";
import { number, period as periodName } from "./format.js";
import { changeMark, classLabel, decimalsOf, flagTags, totalMove } from "./marks.js";
import { href } from "./state.js";
import { text } from "./texts.js";

const WIDTH = 640;
const HEIGHT = 180;
const EDGE = { top: 24, bottom: 28, side: 36 };
const KINDS = { Q: "quarter", H: "half" };

/** `items` are the periods of the series, oldest first; `documents` the rules of each version that occurs. */
export function seriesView(items, shown, documents) {
    const alike = items.filter((item) => kind(item.period) === kind(shown) && item.total !== null);
    return el(
        "section",
        { class: "series" },
        el("h2", {}, text("series")),
        alike.length > 1 ? drawing(alike, shown) : null,
        table(items, shown, documents),
    );
}

/** Periods of different lengths do not belong on one line. */
function kind(code) {
    const part = code.split("-")[1];
    return part === undefined ? "year" : (KINDS[part[0]] ?? "month");
}

function drawing(items, shown) {
    const top = Math.max(...items.map((item) => item.max));
    const across = (place) => EDGE.side + (place * (WIDTH - 2 * EDGE.side)) / (items.length - 1);
    const up = (total) => HEIGHT - EDGE.bottom - (total / top) * (HEIGHT - EDGE.top - EDGE.bottom);
    const points = items.map((item, place) => ({ item, x: across(place), y: up(item.total) }));
    const values = items.map((item) => `${periodName(item.period)} ${number(item.total, 2)}`).join("; ");
    const label = text("series_chart", { count: items.length, values });
    const base = HEIGHT - EDGE.bottom;
    return svg(
        "svg",
        { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
        svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: base, y2: base }),
        svg("polyline", { class: "line", points: points.map(({ x, y }) => `${x},${y}`).join(" ") }),
        points.map((point, place) => mark(point, point.item.period === shown, labelled(place, items.length))),
    );
}

/** At most a dozen labels, the last always: more would run into each other. */
function labelled(place, count) {
    return (count - 1 - place) % Math.ceil(count / 12) === 0;
}

function mark({ item, x, y }, current, named) {
    const words = named && [
        svg("text", { x, y: y - 10, "text-anchor": "middle" }, number(item.total, 2)),
        svg("text", { class: "when", x, y: HEIGHT - 8, "text-anchor": "middle" }, short(item.period)),
    ];
    return svg("g", { class: current ? "current" : null }, svg("circle", { cx: x, cy: y, r: current ? 5 : 4 }), words);
}

/** 2026-08 as 8/2026 under the line. */
function short(code) {
    const [year, part] = code.split("-");
    return part === undefined ? year : `${part.replace(/^0/, "")}/${year}`;
}

function table(items, shown, documents) {
    const heads = ["period", "total", "class", "rank", "change_total", "change_rank"];
    const rows = [...items].reverse().map((item) => row(item, item.period === shown, documents[item.framework]));
    return el(
        "div",
        { class: "scroll" },
        el(
            "table",
            { class: "through" },
            el(
                "thead",
                {},
                el(
                    "tr",
                    {},
                    heads.map((name) => el("th", { scope: "col" }, text(name))),
                ),
            ),
            el("tbody", {}, rows),
        ),
    );
}

function row(item, current, rules) {
    const { total } = decimalsOf(rules);
    const rank = item.rank ? text("rank_of", { rank: number(item.rank), of: number(item.of) }) : "–";
    return el(
        "tr",
        { class: current ? "current" : null, "aria-current": current ? "true" : null },
        el(
            "th",
            { scope: "row" },
            el("a", { href: href({ period: item.period }) }, periodName(item.period)),
            " ",
            flagTags(item.flags),
        ),
        el("td", {}, number(item.total, total)),
        el("td", {}, classLabel(item.band, rules)),
        el("td", {}, rank),
        el("td", {}, changeMark(totalMove(item), total)),
        el("td", {}, changeMark(item.change.rank, 0)),
    );
}
