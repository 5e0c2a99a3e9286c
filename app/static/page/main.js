// Reads the address, asks the service, shows the answer.

import * as api from "./api.js";
import { boardView } from "./board.js";
import { announce, applyTexts, el, panel } from "./dom.js";
import { emptyBoard, emptyUnit, refusal } from "./empty.js";
import { connectFilters, LEVELS, showFilters } from "./filters.js";
import { period as periodName } from "./format.js";
import { askForKey, connectKey, showKeyState } from "./key.js";
import { publishedBoard, publishedList } from "./published.js";
import { onMove, settle, state } from "./state.js";
import { inside, language, setLanguage, text } from "./texts.js";
import { unitView } from "./unit.js";

const main = document.getElementById("main");
const scrolled = new Map(); // where each address was left, for the way back

let asking = new AbortController();
let before = null;

async function render(event) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    main.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => announce(text("loading")), 400);
    try {
        const shown = await answer(signal);
        if (!signal.aborted) show(shown, event?.type === "popstate");
    } catch (error) {
        if (!signal.aborted) await without(error, signal);
    } finally {
        clearTimeout(slow);
        if (!signal.aborted) main.removeAttribute("aria-busy");
    }
}

/** Who comes without a key sees what is public. */
async function without(error, signal) {
    if (error.status !== 401 || api.key() !== null) return fail(error);
    try {
        const shown = await publishedAnswer(signal);
        if (!signal.aborted) show(shown);
    } catch {
        fail(error);
    }
}

/** What the address asks for, as an element. */
async function answer(signal) {
    const [versions, periods] = await Promise.all([api.frameworks(), api.periods()]);
    const choices = { versions, periods, underName: await underName() };
    showFilters(choices);
    if (state().published) return publishedAnswer(signal);
    if (state().evaluation) return frozenAnswer(signal, choices);
    if (!periods.length) return panel(text("empty_service"), el("p", {}, text("empty_service_how")));
    if (!state().period) settle({ period: periods[0].code });
    if (state().unit) return unitAnswer(signal, choices);
    return boardAnswer(signal, choices);
}

async function publishedAnswer(signal) {
    document.title = text("published");
    return publishedList(signal, () => askForKey(null));
}

async function frozenAnswer(signal, choices) {
    const { evaluation, rules, shown, title, underName: where } = await publishedBoard(signal, { failed: fail });
    const { framework, period, levels } = evaluation;
    showFilters({ ...choices, underName: where, document: rules, levels, fixed: { framework, period } });
    document.title = title;
    return shown;
}

async function underName() {
    return state().under && (await api.unit(state().under)).name;
}

async function boardAnswer(signal, choices) {
    showFilters(choices);
    let counts = null;
    if (!state().level) {
        counts = await levelCounts(signal);
        settle({ level: fullest(counts) });
    }
    const found = await api.board(state(), null, signal);
    const rules = await api.framework(found.framework);
    showFilters({ ...choices, document: rules, counts: counts ?? {} });
    if (counts === null)
        levelCounts(signal).then(
            (known) => signal.aborted || showFilters({ ...choices, document: rules, counts: known }),
            () => {},
        );
    document.title = `${text("ranking", { level: inside(text(`level_${found.cohort.level}`)) })}, ${periodName(found.period)}`;
    if (!found.cohort.size) return emptyBoard(counts ?? (await levelCounts(signal)), choices, signal);
    return boardView(found, { rules, underName: choices.underName, failed: fail });
}

/** The cohorts of every level for the choices of the address. */
async function levelCounts(signal) {
    const [first, ...others] = LEVELS;
    const leading = await api.cohort(state(), first, signal); // asked alone: where there is no key, one refusal is enough
    const found = [leading, ...(await Promise.all(others.map((level) => api.cohort(state(), level, signal))))];
    return Object.fromEntries(LEVELS.map((level, place) => [level, found[place]]));
}

function fullest(counts) {
    return LEVELS.reduce((best, level) => (counts[level].ranked > counts[best].ranked ? level : best), "province");
}

/** A unit that was found by its name: the way back leads to the ranking that it stands in. */
async function settleCohort() {
    const { level, parent } = await api.unit(state().unit);
    settle({ level, under: parent });
}

async function unitAnswer(signal, choices) {
    if (!state().level) {
        await settleCohort();
        showFilters({ ...choices, underName: await underName() });
    }
    const series = await api.series(state(), signal);
    let found;
    try {
        found = await api.explained(state(), signal);
    } catch (error) {
        if (error.code === "no_figures") return emptyUnit(await api.unit(state().unit), series);
        throw error;
    }
    const ids = [...new Set([found.framework, ...series.map((item) => item.framework)])];
    const documents = Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await api.framework(id)])));
    showFilters({ ...choices, underName: await underName(), document: documents[found.framework] });
    document.title = `${found.unit.name}, ${periodName(found.period)}`;
    return unitView(found, series, documents);
}

/** Put it in place; a new page of a unit is read from its heading, a changed table keeps the reader's place. */
function show(shown, back = false) {
    const focused = document.activeElement?.dataset?.focus;
    main.replaceChildren(shown);
    const { unit, evaluation, published } = state();
    const arrived = `${unit} ${evaluation} ${published}`;
    if (focused) main.querySelector(`[data-focus="${focused}"]`)?.focus();
    if (before !== null && before !== arrived) {
        main.querySelector("h1")?.focus({ preventScroll: true });
        scrollTo(0, (back && scrolled.get(location.search)) || 0);
    }
    before = arrived;
}

function fail(error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof api.Refusal)) console.error(error); // a fault of the page itself: say so where one looks for it
    const enter = () => askForKey(null);
    main.replaceChildren(refusal(error, render, enter));
    if (error.status === 401 && api.key() !== null) askForKey(error.message);
}

function speak(code) {
    setLanguage(code);
    start();
}

/** Everything that is written in a language, then the answer. */
function start() {
    document.documentElement.lang = language();
    applyTexts();
    showKeyState();
    for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language()));
    }
    document.title = text("title");
    render();
}

connectFilters();
connectKey(render);
for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => speak(button.dataset.language));
addEventListener("scroll", () => scrolled.set(location.search, scrollY), { passive: true });
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));
history.scrollRestoration = "manual"; // the table comes after the address; we put the reader back ourselves
onMove(render);
start();
