// The small dialog for the key: asked for when the service refuses, forgotten on request.

import { keepKey, key } from "./api.js";
import { text } from "./texts.js";

const part = (id) => document.getElementById(id);

/** Connect the dialog; `changed` is called when a key came or went. */
export function connectKey(changed) {
    part("key-button").addEventListener("click", () => askForKey(null));
    part("key-later").addEventListener("click", () => part("key-dialog").close());
    part("key-forget").addEventListener("click", () => finish(null, changed));
    part("key-form").addEventListener("submit", (event) => {
        event.preventDefault();
        const secret = part("key").value.trim();
        if (secret) finish(secret, changed);
    });
}

/** Open the dialog; `problem` is what the service said about the key that was tried. */
export function askForKey(problem) {
    part("key").value = "";
    part("key-problem").textContent = problem ?? "";
    part("key-problem").hidden = problem === null;
    part("key-forget").hidden = key() === null;
    if (!part("key-dialog").open) part("key-dialog").showModal();
}

function finish(secret, changed) {
    keepKey(secret);
    part("key").value = "";
    part("key-dialog").close();
    showKeyState();
    changed();
}

/** The button says whether a key is in use. */
export function showKeyState() {
    const words = text(key() === null ? "key_absent" : "key_held");
    part("key-button").textContent = text("key_short");
    part("key-button").title = words;
    part("key-button").setAttribute("aria-label", words);
    part("key-button").classList.toggle("held", key() !== null);
}
