// Results that an office has published: for everybody, without a key.

import * as api from "./api.js";
import { boardView } from "./board.js";
import { el, panel } from "./dom.js";
import { period as periodName } from "./format.js";
import { standing } from "./marks.js";
import { elsewhere, href, settle, state } from "./state.js";
import { inside, text } from "./texts.js";

/** The list of what is public, the newest first. `enter` opens the dialog for a key where none was given. */
export async function publishedList(signal, enter) {
    const found = await api.published(signal);
    const names = await unitNames(found);
    return panel(
        text("published"),
        found.length
            ? el(
                  "ul",
                  { class: "results" },
                  found.map((each) => result(each, names)),
              )
            : el("p", {}, text("published_none")),
        api.key() === null && el("p", { class: "fine" }, text("key_why")),
        api.key() === null && el("button", { type: "button", onclick: enter }, text("key_enter")),
    );
}

/** One published result: the frozen ranking of one level, with the other levels a step away. */
export async function publishedBoard(signal, context) {
    const evaluation = await api.evaluation(state().evaluation, signal);
    if (!evaluation.levels.includes(state().level)) settle({ level: evaluation.levels[0] });
    const [found, rules, names] = await Promise.all([
        api.board(state(), null, signal),
        api.framework(evaluation.framework),
        unitNames([evaluation]),
    ]);
    const underName = names.get(evaluation.under);
    const shown = boardView(found, { ...context, rules, underName, evaluation });
    return { evaluation, rules, shown, underName, title: titleOf(evaluation, names) };
}

async function unitNames(evaluations) {
    const codes = [...new Set(evaluations.map((each) => each.under).filter(Boolean))];
    return new Map(await Promise.all(codes.map(async (code) => [code, (await api.unit(code)).name])));
}

function result(evaluation, names) {
    return el(
        "li",
        {},
        el("a", { href: elsewhere({ evaluation: evaluation.id }) }, titleOf(evaluation, names)),
        " ",
        standing(evaluation),
    );
}

function titleOf({ title, levels, under, period }, names) {
    const level = levels.map((each) => inside(text(`level_${each}`))).join(", ");
    const where = names.get(under) ?? text("nationwide");
    return title ?? `${text("ranking", { level })}, ${where}, ${periodName(period)}`;
}
