// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it and as spreadsheets write it: commas, semicolons or tabs, LF or CRLF, quoted cells with line
// ends in them, a byte order mark. A record keeps its own text, so that it is given back as it came.

// Which of , ; tab stands most often outside quotes in the first line.
export function delimiterOf(text) {
    const counts = { ",": 0, ";": 0, "\t": 0 };
    let quoted = false;
    for (const character of text) {
        if (character === '"') quoted = !quoted;
        else if (!quoted && (character === "\n" || character === "\r")) break;
        else if (!quoted && character in counts) ++counts[character];
    }
    return Object.keys(counts).reduce((best, each) => (counts[each] > counts[best] ? each : best), ",");
}

// Each record: {raw, cells, line, fault}. The raw text is without its line end; fault is "quote" where a quote is open
// at the end or something stands beside one. Blank lines are records without cells.
export function* readRecords(text, delimiter) {
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    let line = 1;
    while (at < text.length) {
        const record = readRecord(text, at, delimiter);
        yield { raw: text.slice(at, record.end), cells: record.cells, line, fault: record.fault };
        line += record.lines;
        at = record.next;
    }
}

function endOfLine(text, at) {
    const feed = text.indexOf("\n", at);
    const next = feed === -1 ? text.length : feed + 1;
    let end = feed === -1 ? text.length : feed;
    if (end > at && text[end - 1] === "\r") --end;
    return { end, next };
}

function readRecord(text, begin, delimiter) {
    const { end, next } = endOfLine(text, begin);
    const whole = text.slice(begin, end);
    if (!whole.includes('"')) {
        const cells = whole.trim() === "" ? [] : whole.split(delimiter).map((cell) => cell.trim());
        return { end, next, cells, lines: 1, fault: null };
    }
    return readQuoted(text, begin, delimiter);
}

// The same where there are quotes, a cell at a time.
function readQuoted(text, begin, delimiter) {
    const cells = [];
    let at = begin;
    let lines = 1;
    let fault = null;
    for (;;) {
        while (text[at] === " ") ++at;
        let cell = "";
        if (text[at] === '"') {
            const closed = closeQuote(text, at + 1);
            if (closed === -1) return { end: text.length, next: text.length, cells, lines, fault: "quote" };
            cell = text.slice(at + 1, closed).replaceAll('""', '"');
            lines += cell.split("\n").length - 1;
            at = closed + 1;
        }
        const { end, next } = endOfLine(text, at);
        const further = text.indexOf(delimiter, at);
        const stop = further === -1 || further > end ? end : further;
        const bare = text.slice(at, stop).trim();
        if (bare.includes('"') || (cell !== "" && bare !== "")) fault = "quote";
        cells.push(cell + bare);
        if (stop === end) return { end, next, cells, lines, fault };
        at = stop + 1;
    }
}

function closeQuote(text, from) {
    for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
        if (text[at + 1] !== '"') return at;
    }
    return -1;
}

// A cell as it is written: in quotes where it has to be.
export function writeCell(text, delimiter) {
    const value = String(text);
    const needs = value.includes(delimiter) || /["\r\n]/.test(value) || value !== value.trim();
    return needs ? `"${value.replaceAll('"', '""')}"` : value;
}

// "\r\n" where the first line ends so.
export function lineEndOf(text) {
    const feed = text.indexOf("\n");
    return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}
