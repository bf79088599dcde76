// SPDX-License-Identifier: Apache-2.0
// Dates as people in Vietnam write them, and as the service takes them.

const digits = (text, size) => text.padStart(size, "0");

function isDay(year, month, day) {
    if (month === 0) return day === 0;
    if (month > 12) return false;
    return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

// "28/2/1990", "28-02-1990", "28.2.1990", "28021990", "1990-02-28", and what leaves out the day or month ("02/1990",
// "1990", "00/00/1990") as "1990-02-28", "1990-02" or "1990". Null where it is no date.
export function isoDate(text) {
    const given = text.trim();
    let parts = null;
    let match;
    if ((match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(given))) {
        parts = [match[1], match[2] ?? "0", match[3] ?? "0"];
    } else if ((match = /^(?:(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ])(\d{4})$/.exec(given))) {
        parts = [match[3], match[2], match[1] ?? "0"];
    } else if ((match = /^(\d{2})(\d{2})(\d{4})$/.exec(given))) {
        parts = [match[3], match[2], match[1]];
    }
    if (parts === null) return null;
    const [year, month, day] = parts.map(Number);
    if (year === 0 || !isDay(year, month, day)) return null;
    const whole = [digits(parts[0], 4)];
    if (month !== 0) whole.push(digits(parts[1], 2));
    if (day !== 0) whole.push(digits(parts[2], 2));
    return whole.join("-");
}

// "1990-02-28" as "28/02/1990"; what is shorter stays so.
export function writtenDate(iso) {
    return iso.split("-").reverse().join("/");
}

// A moment as "29/11/2026 08:17:03", in the reader's own time.
export function writtenTime(unixMs) {
    const at = new Date(unixMs);
    const two = (number) => digits(String(number), 2);
    const day = [two(at.getDate()), two(at.getMonth() + 1), at.getFullYear()].join("/");
    return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}
