// What stands above a ranking.

import * as api from "./api.js";
import { documentsButton } from "./documents.js";
import { el } from "./dom.js";
import { moment, number, period as periodName } from "./format.js";
import { classesOf, decimalsOf, standing } from "./marks.js";
import { state } from "./state.js";
import { inside, text } from "./texts.js";

/** What the ranking is of, and the ways to take it along. */
export function heading(answer, { underName, failed, evaluation }) {
    const where = underName ?? text("nationwide");
    const title = text("ranking", { level: inside(text(`level_${answer.cohort.level}`)) });
    const save = (format) => () => api.download(state(), format).catch(failed);
    const code = evaluation ? evaluation.under : state().under;
    const unit = code && { code, name: where };
    return el(
        "div",
        { class: "heading" },
        el(
            "div",
            {},
            el("h1", { tabindex: -1 }, title),
            el("p", { class: "sub" }, `${where} · ${periodName(answer.period)}`),
            evaluation && el("p", { class: "sub" }, evaluation.title, " ", standing(evaluation)),
        ),
        el(
            "div",
            { class: "downloads" },
            text("download"),
            el("button", { type: "button", onclick: save("xlsx") }, "Excel"),
            el("button", { type: "button", onclick: save("csv") }, "CSV"),
            documentsButton({ unit, period: answer.period, evaluation: evaluation?.id }),
            el("button", { type: "button", onclick: () => print() }, text("print")),
        ),
    );
}

/** The mean, the units per class, and what the figures rest on. */
export function summary(answer, rules) {
    const { size, ranked } = answer.cohort;
    const counts = Object.fromEntries(answer.summary.bands.map((band) => [band.code, band.count]));
    const classes = classesOf(rules).map(({ code, name, shade }) => {
        const share = el("span", { class: `share shade-${shade}` });
        share.style.flexGrow = counts[code];
        const count = el(
            "li",
            { class: counts[code] ? null : "empty" },
            el("b", { class: `dot shade-${shade}`, "aria-hidden": "true" }),
            `${name} `,
            el("strong", {}, number(counts[code])),
        );
        return { share: counts[code] ? share : null, count };
    });
    return el(
        "div",
        { class: "summary" },
        el(
            "div",
            { class: "mean" },
            el("span", {}, text("mean")),
            el("strong", {}, number(answer.summary.mean, decimalsOf(rules).total)),
        ),
        el(
            "div",
            { class: "classes" },
            el(
                "div",
                { class: "shares", "aria-hidden": "true" },
                classes.map((each) => each.share),
            ),
            el(
                "ul",
                { "aria-label": text("classes") },
                classes.map((each) => each.count),
            ),
        ),
        el(
            "p",
            { class: "facts" },
            text(size === ranked ? "size_all" : "size", { size: number(size), ranked: number(ranked) }),
            el("br"),
            text("as_of", { moment: moment(answer.as_of) }),
            ` · ${answer.framework}`,
        ),
    );
}
