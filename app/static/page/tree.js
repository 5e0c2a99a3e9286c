// The criteria of an explained score: each with its points, its plain sentence, its figures, arithmetic and law.

import { bar, el } from "./dom.js";
import { arithmetic, moment, number } from "./format.js";
import { changeMark, flagTags } from "./marks.js";
import { language, named, text, wordFor } from "./texts.js";

/** The whole tree. `change` holds the changes of the top criteria, `context` the rules and their decimals. */
export function treeView(criteria, change, context) {
    const list = el(
        "ul",
        { class: "tree" },
        criteria.map((each) => node(each, change, context)),
    );
    const all = (open) => () => list.querySelectorAll("details").forEach((each) => (each.open = open));
    const button = (words, open) => el("button", { type: "button", onclick: all(open) }, words);
    const top = el(
        "div",
        { class: "heading" },
        el("h2", {}, text("explained")),
        el("div", { class: "downloads" }, button(text("open_all"), true), button(text("close_all"), false)),
    );
    return el("section", { class: "explained" }, top, list);
}

function node(criterion, change, context) {
    const group = criterion.criteria.length > 0;
    const children =
        group &&
        el(
            "ul",
            {},
            criterion.criteria.map((each) => node(each, {}, context)),
        );
    return el(
        "li",
        { class: group ? "branch" : "leaf" },
        el(
            "details",
            { open: group },
            headline(criterion, change, context),
            group ? folded(evidence(criterion, context)) : evidence(criterion, context),
            children,
        ),
    );
}

/** What stands behind a group is asked for less often than its components: it takes one line until it is. */
function folded(words) {
    return words && el("details", { class: "folded" }, el("summary", {}, text("why")), words);
}

function headline(criterion, change, { decimals }) {
    const known = criterion.points !== null;
    const points = known
        ? `${number(criterion.points, decimals.component)} / ${number(criterion.max)}`
        : `– / ${number(criterion.max)}`;
    const moved = change[criterion.code];
    return el(
        "summary",
        {},
        el(
            "span",
            { class: "what" },
            el("strong", {}, title(criterion)),
            flagTags(criterion.flags),
            el("span", { class: "sentence" }, sentence(criterion)),
        ),
        el(
            "span",
            { class: "score" },
            el("span", { class: "points" }, points),
            known ? bar(criterion.points, criterion.max) : null,
            moved ? changeMark(moved, decimals.component) : null,
        ),
    );
}

/** Components are known by their numbers ("3.5b"), groups by their names. */
function title({ code, name }) {
    return /^\d/.test(code) ? `${code} ${named(name)}` : named(name);
}

/** The sentence without the name that already stands before it. */
function sentence(criterion) {
    const said = language() === "en" ? criterion.sentence_en : criterion.sentence;
    const name = `${named(criterion.name)}: `;
    const rest = said.startsWith(name) ? said.slice(name.length) : said;
    return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function evidence(criterion, context) {
    const rows = [
        criterion.arithmetic &&
            !trivial(criterion.arithmetic) &&
            line(text("arithmetic"), el("span", { class: "arithmetic" }, arithmetic(criterion.arithmetic))),
        criterion.inputs.length > 0 &&
            line(
                text("figures"),
                criterion.inputs.map((input) => figure(input, context.rules)),
            ),
        criterion.legal_ref && line(text("law"), criterion.legal_ref),
    ];
    return rows.some(Boolean) ? el("dl", { class: "evidence" }, rows) : null;
}

/** "6.49 = 6.49" explains nothing. */
function trivial(words) {
    const [left, right] = words.split(" = ");
    return left === right;
}

function line(term, words) {
    return el("div", {}, el("dt", {}, term), el("dd", {}, words));
}

/** What a figure is compared with in its own unit; the others are plain numbers. */
const SHARED_UNIT = ["least", "most", "mean"];

function figure(input, rules) {
    const indicator = rules.indicators.find((each) => each.code === input.indicator);
    const own = input.role === "figure";
    const name = indicator ? named(indicator.name) : input.indicator;
    const kind = own || SHARED_UNIT.includes(input.role) ? indicator?.kind : "number";
    const looked =
        input.source &&
        text("looked_up", { source: wordFor("source", input.source), moment: moment(input.observed_at) });
    return el(
        "p",
        {},
        own ? `${name}: ` : `${name}, ${wordFor("role", input.role)}: `,
        el("strong", {}, amount(input, kind)),
        looked && el("small", {}, looked),
    );
}

function amount({ numerator, denominator, value }, kind) {
    const counts = numerator !== null && denominator !== null ? `${number(numerator)}/${number(denominator)}` : null;
    const said = value === null ? null : `${number(value)}${kind === "ratio" ? "%" : ""}`;
    if (counts === null) return said ?? text("flag_missing");
    return said === null ? counts : `${counts} (${said})`;
}
