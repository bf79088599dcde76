// SPDX-License-Identifier: Apache-2.0
// The page of lists: takes a CSV file, asks about its rows a slice at a time, and gives it back with the answers.
//
// A browser reads an answer only when its request is sent, and the service reads from nobody who does not read: the
// answers to a slice, some hundred bytes each, have to fit into what the service keeps for one connection, 256 KiB.
import { byId, downloadLink, make } from "./elements.js";
import { kindOf, meaningOf, outcomes, problems } from "./meanings.js";
import { addedColumns, answeredLine, claimsOf, headingLine, planTable, questionOf, slices } from "./table.js";
import { currentLanguage, memberWord, word, writtenNumber } from "./words.js";

const rowsOfSlice = 2000;
const bytesMax = 200_000_000;

let file = null; // {name, text, plan}
let told = null; // {key, places} of the line below the progress
let result = null; // {counts, parts}
let stopping = null; // of the work that goes on

const groupOf = (outcome) => {
    const kind = kindOf(outcome);
    return kind === "yes" ? "verified" : kind === "stop" ? "refused" : "not";
};

async function take(chosen) {
    stopping?.abort();
    file = { name: chosen.name, text: "", plan: null, asker: {} };
    result = null;
    told = null;
    byId("list-work").hidden = true;
    if (chosen.size > bytesMax) {
        file.plan = { fault: { key: "list_too_large", places: {} } };
    } else {
        try {
            file.text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await chosen.arrayBuffer());
            file.plan = planTable(file.text);
        } catch {
            file.plan = { fault: { key: "list_not_utf8", places: {} } };
        }
    }
    showPlan();
    showResult();
    byId("list-plan").querySelector("h2").focus();
}

function showPlan() {
    const into = byId("list-plan");
    into.hidden = file === null;
    if (file === null) return;
    const title = make("h2", { tabindex: "-1" }, file.name);
    const { plan } = file;
    const rows = (plan.columns ?? []).map(({ heading, field }) =>
        make("tr", {}, make("th", { scope: "row" }, heading), make("td", {}, field === null ? word("list_not_sent") : memberWord(field))));
    const table = rows.length === 0 ? null : make("div", { class: "scroll" }, make("table", {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, word("list_columns")), make("th", { scope: "col" }, word("list_means")))),
        make("tbody", {}, ...rows)));
    if (plan.fault) {
        into.replaceChildren(title, ...(table ? [table] : []), make("p", { class: "wrong", role: "alert" }, word(plan.fault.key, plan.fault.places)));
        return;
    }
    const start = make("button", { type: "button", class: "main", id: "list-start" }, word("list_start", { rows: writtenNumber(plan.rows) }));
    start.addEventListener("click", work);
    into.replaceChildren(title, table, askerFields(), make("p", { class: "wrong", id: "list-asker-says", role: "alert" }), make("div", { class: "buttons" }, start));
}

// Who asks what for, where no column says it.
function askerFields() {
    const known = file.plan.columns.map((column) => column.field);
    const missing = ["agency", "procedure"].filter((field) => !known.includes(field));
    return make("fieldset", { hidden: missing.length === 0 }, make("legend", {}, word("list_asker")),
        make("div", { class: "fields" }, ...missing.map((field) => {
            const input = make("input", { id: `list-${field}`, inputmode: "numeric", autocomplete: "off", "aria-describedby": "list-asker-says" });
            input.value = file.asker[field] ?? "";
            input.addEventListener("input", () => (file.asker[field] = input.value.trim()));
            return make("div", { class: "field" }, make("label", { for: input.id }, word(`field_${field}`)), input);
        })));
}

// Those of the list, as numbers; null where one is none.
function readAsker() {
    const given = Object.entries(file.asker).filter(([, text]) => text !== "");
    const wrong = given.find(([, text]) => !/^\d{1,5}$/.test(text) || Number(text) > 65535);
    byId("list-asker-says").textContent = wrong ? word("wrong_number") : "";
    if (wrong) byId(`list-${wrong[0]}`).focus();
    return wrong ? null : Object.fromEntries(given.map(([field, text]) => [field, Number(text)]));
}

// {lines} of the answers in the order of the questions, or {problem}.
async function askSlice(lines, signal) {
    const response = await fetch("/v1/verify/batch", { method: "POST", body: lines.join("\n"), signal, cache: "no-store",
        credentials: "same-origin", headers: { "Content-Type": "application/x-ndjson" } });
    if (response.status !== 200) return { problem: await response.json(), lines: [] };
    const text = await response.text();
    return { problem: null, lines: text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line)) };
}

function describe(answer, record, added) {
    const language = currentLanguage();
    if (answer === undefined) return added("fault", "", word("list_not_answered"), null);
    if (answer.outcome !== undefined) return added(groupOf(answer.outcome), answer.outcome, meaningOf(outcomes, answer.outcome)[language], claimsOf(answer, record, file.plan));
    const member = answer.member ? ` ${word("about_member", { field: memberWord(answer.member) })}` : "";
    return added("fault", "", `${meaningOf(problems, answer.code)[language]}${member}`, null);
}

async function answerSlice(records, into, signal) {
    const { plan } = file;
    const asked = records.map((record) => (record.cells.length === 0 ? null : questionOf(record, plan.columns, into.asker)));
    const lines = asked.filter((each) => each?.line).map((each) => each.line);
    const answers = lines.length === 0 ? { problem: null, lines: [] } : await askSlice(lines, signal);
    if (answers.problem) return answers.problem;
    let next = 0;
    let text = "";
    records.forEach((record, place) => {
        if (asked[place] === null) {
            text += answeredLine(record, plan);
            return;
        }
        const add = (group, outcome, meaning, claims) => {
            ++into.counts[group];
            ++into.done;
            text += answeredLine(record, plan, outcome, meaning, claims);
        };
        if (asked[place].fault) add("fault", "", word(asked[place].fault), null);
        else describe(answers.lines[next++], record, add);
    });
    into.parts.push(text);
    return null;
}

function tell(key, places) {
    told = { key, places };
    byId("list-says").textContent = word(key, places);
}

function tellProgress(into) {
    byId("list-progress").value = into.done;
    tell("list_at", { done: writtenNumber(into.done), rows: writtenNumber(file.plan.rows) });
}

async function work() {
    const begin = performance.now();
    const { plan, text } = file;
    const asker = readAsker();
    if (asker === null) return;
    const into = { asker, done: 0, counts: { verified: 0, not: 0, refused: 0, fault: 0 }, parts: [headingLine(text, plan)] };
    stopping?.abort();
    const mine = (stopping = new AbortController());
    result = null;
    showResult();
    byId("list-start").disabled = true;
    byId("list-work").hidden = false;
    byId("list-cancel").hidden = false;
    byId("list-progress").max = plan.rows;
    byId("list-progress").value = 0;
    byId("list-cancel").focus();
    let problem = null;
    try {
        for (const records of slices(text, plan, rowsOfSlice)) {
            problem = await answerSlice(records, into, mine.signal);
            if (problem !== null) break;
            if (stopping !== mine) return;
            tellProgress(into);
        }
    } catch (error) {
        problem = error.name === "AbortError" ? "cancelled" : "gone";
    }
    if (stopping !== mine) return;
    stopping = null;
    byId("list-start").disabled = false;
    byId("list-cancel").hidden = true;
    const seconds = writtenNumber((performance.now() - begin) / 1000, 1);
    if (problem === null) tell("list_done", { rows: writtenNumber(into.done), seconds });
    else tell("list_cancelled", { done: writtenNumber(into.done) });
    result = { ...into, problem };
    showResult();
    byId("list-result").querySelector("h2").focus();
}

function showResult() {
    const into = byId("list-result");
    into.hidden = result === null;
    if (result === null) return;
    const { problem, counts } = result;
    const why = problem === null || problem === "cancelled" ? null
        : make("p", { class: "wrong", role: "alert" }, problem === "gone" ? word("no_service") : meaningOf(problems, problem.code)[currentLanguage()]);
    const rows = Object.entries(counts).map(([group, count]) =>
        make("tr", {}, make("th", { scope: "row" }, word(`list_group_${group}`)), make("td", { class: "number" }, writtenNumber(count))));
    const name = `${file.name.replace(/\.[^.]*$/, "")}-verified.csv`;
    into.replaceChildren(make("h2", { tabindex: "-1" }, word("answer")), ...(why ? [why] : []),
        make("table", {},
            make("thead", {}, make("tr", {}, make("th", { scope: "col" }, word("list_outcome")), make("th", { scope: "col", class: "number" }, word("list_rows")))),
            make("tbody", {}, ...rows)),
        make("p", { class: "facts" }, addedColumns(file.plan).join(", ")),
        make("div", { class: "buttons" }, downloadLink(result.parts, name, word("list_download"))));
}

export function startList() {
    const drop = byId("drop");
    byId("file").addEventListener("change", (event) => {
        const [chosen] = event.target.files;
        if (chosen) take(chosen).finally(() => (byId("file").value = ""));
    });
    for (const name of ["dragenter", "dragover"]) {
        drop.addEventListener(name, (event) => {
            event.preventDefault();
            drop.classList.add("over");
        });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
        event.preventDefault();
        drop.classList.remove("over");
        const [chosen] = event.dataTransfer.files;
        if (chosen) take(chosen);
    });
    byId("list-cancel").addEventListener("click", () => stopping?.abort());
}

export function translateList() {
    showPlan();
    if (stopping) byId("list-start").disabled = true;
    if (told) tell(told.key, told.places);
    showResult();
}
