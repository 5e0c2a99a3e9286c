// Elements from values. Everything that comes from the service enters as text, never as markup.

import { text } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`onclick` and the like are listeners; null and false are left out) and children. */
export function el(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
}

/** The same for the parts of a drawing. */
export function svg(tag, attributes = {}, ...children) {
    return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") element.addEventListener(name.slice(2), value);
        else if (value !== null && value !== undefined && value !== false)
            element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Words for those who hear the page. */
export function heard(words) {
    return el("span", { class: "hidden" }, words);
}

/** A bar of points against their max; the number beside it says the same, so it is not read aloud. */
export function bar(points, max) {
    const width = max > 0 ? Math.max(0, Math.min(1, (points ?? 0) / max)) * 100 : 0;
    const shape = { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" };
    return svg(
        "svg",
        { class: "bar", ...shape },
        svg("rect", { class: "track", width: 100, height: 4 }),
        svg("rect", { class: "fill", width, height: 4 }),
    );
}

/** A notice in the place of the table: what happened, and the ways out. */
export function panel(title, ...children) {
    return el("section", { class: "panel" }, el("h1", { tabindex: -1 }, title), ...children);
}

export function tag(words) {
    return el("span", { class: "tag" }, words);
}

/** Say to those who hear the page what has just been shown. */
export function announce(words) {
    document.getElementById("status").textContent = words;
}

/** Fill the fixed parts of the page with the words of the language. */
export function applyTexts() {
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
    for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = text(element.dataset.hint);
    for (const element of document.querySelectorAll("[data-label]"))
        element.setAttribute("aria-label", text(element.dataset.label));
}
