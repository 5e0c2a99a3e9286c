// The dialog for what an office sends out of a result: its letter as a Word file or PDF, the brief, the notice to copy.

import * as api from "./api.js";
import { el } from "./dom.js";
import { period as periodName } from "./format.js";
import { makePicker } from "./picker.js";
import { state } from "./state.js";
import { text } from "./texts.js";

const SHIPPED = ["announcement", "direction", "ranking", "commune"];
const SHOWN_FAULTS = 8;
const WORD = ["docx", "Word"];

/** The button that opens the dialog. `about` is what the documents are of: `period`, and of a result its `evaluation`,
 * whose unit is fixed; else `unit`, the one that is proposed (`{code, name}`, or null). */
export function documentsButton(about) {
    return el("button", { type: "button", onclick: () => open(about) }, text("documents"));
}

async function open(about) {
    const dialog = el("dialog", { class: "documents", "aria-labelledby": "documents-title" });
    const shown = new DocumentsDialog(dialog, about);
    dialog.append(shown.form());
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    shown.connect();
    dialog.showModal();
    await shown.choose(about.unit);
}

class DocumentsDialog {
    constructor(dialog, { unit, period, evaluation }) {
        Object.assign(this, { dialog, unit, period, evaluation });
        this.name = el("input", { id: "document-unit" });
        this.kind = el("select", { id: "document-kind", onchange: () => this.offer() });
        this.notice = el("textarea", { rows: 8, readonly: true, hidden: true, "aria-label": text("document_notice") });
        this.said = el("p", { role: "status" });
        this.problem = el("p", { class: "problem", role: "alert", hidden: true });
        this.ways = el("div", { class: "actions" });
    }

    form() {
        const of = [this.evaluation ? (this.unit?.name ?? text("nationwide")) : null, periodName(this.period)];
        return el(
            "form",
            { method: "dialog", onsubmit: (event) => event.preventDefault() },
            el("h2", { id: "documents-title" }, text("documents_title")),
            el("p", { class: "sub" }, of.filter(Boolean).join(" · ")),
            this.evaluation ? null : field(text("document_unit"), this.name, "picker"),
            field(text("document_kind"), this.kind, ""),
            this.notice,
            this.said,
            this.problem,
            this.ways,
        );
    }

    connect() {
        this.kinds([]);
        if (this.evaluation) return;
        const picker = makePicker(this.name, search, (unit) => this.choose(unit.code === null ? null : unit));
        this.show = (name) => picker.show(name);
    }

    /** Another unit: the office's own letters are those of the unit and of the units above it. */
    async choose(unit) {
        this.unit = unit;
        this.show?.(unit?.name ?? text("nationwide"));
        this.offer();
        try {
            // what is under way ends first: until then its kind stays chosen, and what is said is of it
            const own = await api.letterKinds(unit?.code ?? null).finally(() => this.working);
            if (this.unit === unit) this.kinds(own.filter((kind) => !SHIPPED.includes(kind)));
        } catch (error) {
            if (this.unit === unit) this.withoutOwn(error);
        }
    }

    /** Whoever may not read the files of an office has the letters that ship; any other failure is said. */
    withoutOwn(error) {
        this.kinds([]);
        if ([401, 403].includes(error.status)) return;
        this.tell(this.said.textContent, text("letters_own_failed", { reason: this.reasonOf(error) }));
    }

    kinds(own) {
        const chosen = this.kind.value;
        const letters = ["", ...SHIPPED].map((kind) => [`letter:${kind}`, text(`letter_${kind || "assembled"}`)]);
        const others = own.map((kind) => [`letter:${kind}`, text("letter_own", { kind })]);
        const options = (pairs) => pairs.map(([value, words]) => el("option", { value }, words));
        this.kind.replaceChildren(
            el("optgroup", { label: text("letters") }, options([...letters, ...others])),
            el(
                "optgroup",
                { label: text("documents_short") },
                options(["brief", "notice"].map((each) => [each, text(`document_${each}`)])),
            ),
        );
        if ([...this.kind.options].some((each) => each.value === chosen)) this.kind.value = chosen;
        if (this.kind.value !== chosen) this.offer();
    }

    /** The ways to take along what is chosen. */
    offer() {
        const [what, letter] = this.kind.value.split(":");
        const formats = { letter: [WORD, ["pdf", "PDF"]], brief: [WORD, ["xlsx", "Excel"]] }[what];
        const saves = formats?.map(([format, words]) => [words, () => this.save(what, letter, format)]);
        const acts = saves ?? [[text("notice_show"), () => this.showNotice()]];
        this.tell("");
        this.notice.hidden = true;
        this.ways.replaceChildren(
            el("button", { type: "button", onclick: () => this.dialog.close() }, text("close")),
            ...acts.map(([words, act]) => this.button(words, act)),
        );
    }

    button(words, act) {
        return el("button", { type: "button", class: "main", onclick: () => (this.working = this.wait(act)) }, words);
    }

    /** Do what takes seconds; what is chosen stays chosen meanwhile, for the answer is of it. What stands in the way is
     * said here, for the next choice may be another. */
    async wait(act) {
        const fixed = [this.name, this.kind, ...[...this.ways.children].slice(1)];
        fixed.forEach((each) => (each.disabled = true));
        this.tell(text("document_making"));
        try {
            this.tell((await act()) ?? "");
        } catch (error) {
            this.tell("", this.reasonOf(error));
        }
        fixed.forEach((each) => (each.disabled = false));
    }

    reasonOf(error) {
        if (!(error instanceof api.Refusal)) console.error(error); // a fault of the page itself
        return error.message;
    }

    tell(words, problem = "") {
        this.said.textContent = words;
        this.problem.textContent = problem;
        this.problem.hidden = !problem;
    }

    /** What is asked for: a result fixes its unit, period and framework. */
    get about() {
        if (this.evaluation) return { evaluation: this.evaluation };
        return { period: this.period, under: this.unit?.code ?? null, framework: state().framework };
    }

    async save(what, letter, format) {
        if (what === "brief") await api.brief(this.about, format);
        else if (!(await saveLetter(this.about, letter, format))) return null;
        return text("document_saved");
    }

    async showNotice() {
        this.notice.value = await api.notice(this.about);
        this.notice.hidden = false;
        this.ways.lastChild.replaceWith(this.button(text("notice_copy"), () => this.copy()));
        this.notice.focus();
        this.notice.setSelectionRange(0, 0); // read from its beginning
        this.notice.scrollTop = 0;
    }

    async copy() {
        this.notice.select();
        if (navigator.clipboard) await navigator.clipboard.writeText(this.notice.value);
        else document.execCommand("copy"); // where the service is reached without TLS
        return text("notice_copied");
    }
}

function field(words, input, kind) {
    return el("div", { class: `field ${kind}` }, el("label", { for: input.id }, words), input);
}

/** Provinces stand first: their name is in that of every department, too. */
async function search(words, signal) {
    const ask = (level, limit) => api.units({ q: words || null, level, sort: "name", limit }, signal);
    const [provinces, found] = await Promise.all([ask("province", 5), ask(null, 30)]);
    const others = found.filter((unit) => unit.level !== "province");
    return [...(words ? [] : [{ code: null, name: text("nationwide") }]), ...provinces, ...others];
}

/** Save the letter; where its figures contradict each other, only if whoever asks for it wants it all the same. */
async function saveLetter(about, kind, format) {
    try {
        await api.letter(about, kind, format);
        return true;
    } catch (error) {
        if (error.code !== "letter_has_errors") throw error;
        const told = [text("letter_errors"), ...error.faults.slice(0, SHOWN_FAULTS).map((each) => `• ${each}`)];
        if (error.faults.length > SHOWN_FAULTS) told.push("…");
        if (!confirm([...told, text("letter_anyway")].join("\n"))) return false;
        await api.letter(about, kind, format, true);
        return true;
    }
}
