// What is shown stands in the address, so that it can be sent, kept, and gone back to.

const NAMES = ["framework", "period", "under", "level", "view", "sort", "unit", "evaluation", "published"];

/** The choices of the address; what it does not name is null. */
export function state() {
    const query = new URLSearchParams(location.search);
    return Object.fromEntries(NAMES.map((name) => [name, query.get(name) || null]));
}

/** The address of the present choices with some of them changed, from the page on, wherever that stands. */
export function href(changes) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...state(), ...changes })) {
        if (value) query.set(name, value);
    }
    return query.size ? `?${query}` : "./";
}

/** The address of these choices alone. */
export function elsewhere(choices) {
    return href({ ...Object.fromEntries(NAMES.map((name) => [name, null])), ...choices });
}

/** Go there: a step that the back button undoes. */
export function go(changes) {
    move(href(changes));
}

function move(place) {
    history.pushState(null, "", place);
    dispatchEvent(new Event("chiso:moved"));
}

/** Write a choice that was made for the reader into the address, without a step. */
export function settle(changes) {
    history.replaceState(history.state, "", href(changes));
}

/** Call `render` when the choices change, whether by a control, a link of the page, or back and forward. */
export function onMove(render) {
    addEventListener("popstate", render);
    addEventListener("chiso:moved", render);
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='?'], a.brand");
        const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
        if (!link || !plain || event.defaultPrevented) return;
        event.preventDefault();
        move(link.getAttribute("href"));
    });
}
