// A box to find a unit by words of its name, accents or not (the ARIA combobox with a list).

import { day } from "./format.js";
import { announce, el } from "./dom.js";
import { text } from "./texts.js";

const PAUSE = 180; // ms of quiet before the service is asked

/**
 * Turn `input` into a picker. `search(words, signal)` gives units (an entry with code null stands for no choice), or
 * null where there is nothing to look for;
 * `chosen(unit)` is called with the one picked.
 */
export function makePicker(input, search, chosen) {
    const list = el("ul", { id: `${input.id}-list`, role: "listbox", "aria-label": text("unit"), hidden: true });
    input.after(list);
    const fixed = {
        type: "text",
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-controls": list.id,
        "aria-expanded": "false",
    };
    for (const [name, value] of Object.entries({ ...fixed, autocomplete: "off", spellcheck: "false" }))
        input.setAttribute(name, value);
    const picker = new Picker(input, list, search, chosen);
    input.addEventListener("input", () => picker.searchSoon());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => picker.searchSoon(""));
    input.addEventListener("keydown", (event) => picker.press(event));
    input.addEventListener("blur", () => picker.close());
    return picker;
}

class Picker {
    constructor(input, list, search, chosen) {
        Object.assign(this, { input, list, search, chosen, units: [], active: -1, shown: "" });
    }

    /** Show the name of what is chosen now. */
    show(name) {
        this.shown = name;
        this.input.value = name;
    }

    searchSoon(words = this.input.value) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.fill(words.trim()), PAUSE);
    }

    async fill(words) {
        this.asked?.abort();
        this.asked = new AbortController();
        try {
            this.units = await this.search(words, this.asked.signal);
        } catch {
            return; // the table says what is wrong; a list of names that stays away says no more
        }
        if (this.units === null) this.close(this.input.value);
        else if (document.activeElement === this.input) this.open();
    }

    open() {
        this.active = -1;
        const none = el("li", { class: "nothing", role: "option", "aria-disabled": "true" }, text("found_none"));
        this.list.replaceChildren(
            ...(this.units.length ? this.units.map((unit, place) => this.option(unit, place)) : [none]),
        );
        this.list.hidden = false;
        this.input.setAttribute("aria-expanded", "true");
        announce(this.units.length ? text("found", { count: this.units.length }) : text("found_none"));
    }

    option(unit, place) {
        const ended = unit.valid_to ? `, ${text("ended", { date: day(unit.valid_to) })}` : "";
        const about = unit.code === null ? null : el("small", {}, unit.code + ended);
        const pick = (event) => (event.preventDefault(), this.pick(unit)); // before the blur that would close the list
        return el("li", { role: "option", id: `${this.list.id}-${place}`, onmousedown: pick }, unit.name, " ", about);
    }

    press(event) {
        const steps = { ArrowDown: 1, ArrowUp: -1 };
        if (event.key in steps) {
            event.preventDefault();
            if (this.list.hidden) this.searchSoon("");
            else this.activate(this.active + steps[event.key]);
        } else if (event.key === "Enter") {
            event.preventDefault();
            this.pickActive();
        } else if (event.key === "Escape") {
            if (!this.list.hidden) event.preventDefault(); // the dialog around it stays
            this.close();
        }
    }

    activate(place) {
        if (!this.units.length) return;
        this.active = (place + this.units.length) % this.units.length;
        [...this.list.children].forEach((item, each) =>
            item.setAttribute("aria-selected", String(each === this.active)),
        );
        this.list.children[this.active].scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    }

    pickActive() {
        if (this.list.hidden || !this.units.length) return;
        this.pick(this.units[Math.max(0, this.active)]);
    }

    pick(unit) {
        this.shown = unit.name;
        this.close();
        this.chosen(unit);
    }

    /** Put the list away, and back in the box what is chosen. */
    close(words = this.shown) {
        clearTimeout(this.timer);
        this.asked?.abort();
        this.list.hidden = true;
        this.input.value = words;
        this.input.setAttribute("aria-expanded", "false");
        this.input.removeAttribute("aria-activedescendant");
    }
}
