// SPDX-License-Identifier: Apache-2.0
// A CSV file as a list of questions: which column means what, and how rows become questions and get their answers.
import { delimiterOf, lineEndOf, readRecords, writeCell } from "./csv.js";
import { fieldOf, requestHeadings } from "./headings.js";

const exclusive = [["name", "name_exact"], ["birth_date", "born_on_or_before"], ["account_level", "account_level_at_least"]];
const notClaims = ["id", "agency", "procedure"];
// The bit of a claim in the masks of a verdict is its place here.
const claimOrder = Object.keys(requestHeadings).filter((field) => !notClaims.includes(field));

// {columns: [{heading, field}], claims, rows, fault}; fault is {key, places} of the words that say why it cannot be used.
export function planTable(text) {
    const delimiter = delimiterOf(text);
    let columns = null;
    let rows = 0;
    for (const record of readRecords(text, delimiter)) {
        if (record.cells.length === 0) continue;
        if (columns !== null) ++rows;
        else columns = record.cells.map((heading) => ({ heading, field: fieldOf(heading) }));
    }
    columns ??= [];
    const fields = columns.map((column) => column.field).filter((field) => field !== null);
    const claims = fields.filter((field) => !notClaims.includes(field));
    return { delimiter, lineEnd: lineEndOf(text), columns, claims, rows, fault: faultOf(fields, claims, rows) };
}

function faultOf(fields, claims, rows) {
    const twice = fields.find((field, place) => fields.indexOf(field) !== place);
    if (twice) return { key: "list_twice", places: { field: twice } };
    if (!fields.includes("id")) return { key: "list_no_id", places: {} };
    if (claims.length === 0) return { key: "list_no_claim", places: {} };
    const both = exclusive.find((pair) => pair.every((field) => fields.includes(field)));
    if (both) return { key: "list_both", places: { first: both[0], second: both[1] } };
    return rows === 0 ? { key: "list_empty", places: {} } : null;
}

// The question of a record as a line of JSON, or {fault} where it cannot be one.
export function questionOf(record, columns, asker = {}) {
    if (record.fault) return { fault: "list_fault_quote" };
    if (record.cells.length !== columns.length) return { fault: "list_fault_cells" };
    const question = { ...asker };
    columns.forEach(({ field }, place) => {
        const cell = record.cells[place];
        if (field !== null && cell !== "") question[field] = cell;
    });
    question.id ??= "";
    return { line: JSON.stringify(question) };
}

// What a verdict's masks say of each claim that the record made: "true", "false" or "not_available".
export function claimsOf(answer, record, plan) {
    const has = (mask, claim) => ((mask >> claimOrder.indexOf(claim)) & 1) !== 0;
    const made = plan.claims.filter((claim) => record.cells[plan.columns.findIndex((column) => column.field === claim)] !== "");
    return Object.fromEntries(made.map((claim) => [claim, has(answer.matched, claim) ? "true" : has(answer.mismatched, claim) ? "false" : "not_available"]));
}

// Slices of records that have questions or are blank, in the order of the file; the headings are left out.
export function* slices(text, plan, size) {
    let seenHeadings = false;
    let slice = [];
    for (const record of readRecords(text, plan.delimiter)) {
        if (!seenHeadings) {
            seenHeadings = record.cells.length !== 0;
            continue;
        }
        slice.push(record);
        if (slice.length < size) continue;
        yield slice;
        slice = [];
    }
    if (slice.length !== 0) yield slice;
}

// The names of the columns that are added: none that the file has already.
export function addedColumns(plan) {
    const taken = new Set(plan.columns.map((column) => column.heading));
    return ["outcome", "meaning", ...plan.claims.map((claim) => `checked_${claim}`)].map((name) => {
        let free = name;
        for (let k = 2; taken.has(free); ++k) free = `${name}_${k}`;
        return free;
    });
}

export function headingLine(text, plan) {
    const mark = text.charCodeAt(0) === 0xfeff ? "\uFEFF" : "";
    for (const record of readRecords(text, plan.delimiter)) {
        if (record.cells.length !== 0) return mark + [record.raw, ...addedColumns(plan)].join(plan.delimiter) + plan.lineEnd;
    }
    return mark;
}

// A record with what was answered to it: {outcome, claims} or a fault, with its meaning in words.
export function answeredLine(record, plan, outcome, meaning, claims) {
    if (record.cells.length === 0) return record.raw + plan.lineEnd;
    const cells = [outcome, meaning, ...plan.claims.map((claim) => claims?.[claim] ?? "")];
    return [record.raw, ...cells.map((cell) => writeCell(cell, plan.delimiter))].join(plan.delimiter) + plan.lineEnd;
}
