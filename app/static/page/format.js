// Numbers, periods and dates as people of the chosen language write them. Figures are shown, never computed, here.

import { inside, language, text } from "./texts.js";

const ROMAN = ["I", "II", "III", "IV"];
const ZONE = "Asia/Ho_Chi_Minh"; // the moments of the domain are local ones, wherever the reader sits
const NOTHING = "–";

/** 81,77 in Vietnamese, 81.77 in English; `decimals` pins how many are shown, so that columns align. */
export function number(figure, decimals) {
    if (figure === null || figure === undefined) return NOTHING;
    const digits = decimals === undefined ? { maximumFractionDigits: 6 } : pinned(decimals);
    return new Intl.NumberFormat(language() === "vi" ? "vi-VN" : "en-GB", digits).format(figure);
}

function pinned(decimals) {
    return { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

/** A share of one as a percentage: 0.75 is 75%. */
export function percent(share) {
    const locale = language() === "vi" ? "vi-VN" : "en-GB";
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(share * 100)}%`;
}

/** Arithmetic as the service writes it ("1746 × 16.5"), its numbers as the language groups and points them. */
export function arithmetic(line) {
    return line.replace(/\d+(\.\d+)?/g, (found) => {
        const [whole, fraction] = found.split(".");
        const [group, point] = language() === "vi" ? [".", ","] : [",", "."];
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
        return fraction === undefined ? grouped : `${grouped}${point}${fraction}`;
    });
}

/** 2024-07-31 as 31/07/2024 or 31 Jul 2024. */
export function day(iso) {
    const [year, month, date] = iso.split("-");
    return language() === "vi"
        ? `${date}/${month}/${year}`
        : `${Number(date)} ${monthName(Number(month), "short")} ${year}`;
}

/** An instant to the minute, in Vietnamese local time. */
export function moment(instant) {
    const part = localParts(instant);
    return `${part.hour}:${part.minute}, ${localDay(instant)}`;
}

/** The day of an instant in Vietnam. */
export function localDay(instant) {
    const { year, month, day: date } = localParts(instant);
    return day(`${year}-${month}-${date}`);
}

function localParts(instant) {
    const options = {
        timeZone: ZONE,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
    };
    const found = new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date(instant));
    return Object.fromEntries(found.map((each) => [each.type, each.value]));
}

function monthName(month, length) {
    return new Intl.DateTimeFormat("en-GB", { month: length, timeZone: "UTC" }).format(Date.UTC(2024, month - 1, 1));
}

/** The name of a period by its code: 2024-07, 2024-Q3, 2024-H2, 2024. */
export function period(code) {
    const [year, part] = code.split("-");
    if (part === undefined) return text("period_year", { year });
    const count = Number(part.replace(/\D/g, ""));
    if (part.startsWith("Q")) return text("period_quarter", { number: count, roman: ROMAN[count - 1], year });
    if (part.startsWith("H")) return text(`period_half_${count}`, { year });
    return text("period_month", { number: count, month: monthName(count, "long"), year });
}

/** The name of a period inside a sentence, where Vietnamese writes it small. */
export function periodInside(code) {
    return language() === "vi" ? inside(period(code)) : period(code);
}
