// SPDX-License-Identifier: Apache-2.0
// What the service answered, shown: the outcome with its meaning, each claim with its sign, and how fresh it is.
import { writtenTime } from "./dates.js";
import { make, sign } from "./elements.js";
import { kindOf, meaningOf, outcomes, problems } from "./meanings.js";
import { currentLanguage, memberWord, word, writtenNumber } from "./words.js";

const signs = { true: "yes", false: "no", not_available: "unsure" };

function headline(kind, code, meaning) {
    const other = currentLanguage() === "vi" ? "en" : "vi";
    return make("div", { class: `headline ${kind}` }, sign(kind),
        make("div", {},
            make("h2", { tabindex: "-1" }, meaning[currentLanguage()]),
            make("p", { lang: other }, meaning[other]),
            make("p", {}, word("code", { code }))));
}

function remarkOf(claim, answer) {
    if (claim === "name" || claim === "name_exact") return answer.grade ? word(`grade_${answer.grade}`) : null;
    if (claim !== "birth_date") return null;
    if (answer.coarse) return word("coarse");
    return answer.claim_coarse ? word("claim_coarse") : null;
}

function claimRow(claim, state, answer) {
    const kind = signs[state];
    const remark = remarkOf(claim, answer);
    return make("tr", {}, make("th", { scope: "row" }, word(`field_${claim === "name_exact" ? "name" : claim}`)),
        make("td", {}, make("span", { class: `says ${kind}` }, sign(kind),
            make("span", {}, word(`says_${state}`), remark ? make("small", {}, remark) : null))));
}

// The file that shows later, to others, what was answered.
function receiptLink(receipt) {
    return make("a", { href: `/v1/receipts/${encodeURIComponent(receipt)}`, download: `${receipt}.receipt` }, word("receipt", { receipt }));
}

// A verdict, with the names of its claims.
export function showVerdict(into, answer, tookMs) {
    const claims = Object.entries(answer.claims);
    // Where policy or a guard refused, nothing was compared.
    const compared = claims.some(([, state]) => state !== "not_available") || kindOf(answer.outcome) !== "stop";
    const table = make("table", {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, word("claim")), make("th", { scope: "col" }, word("claim_says")))),
        make("tbody", {}, ...claims.map(([claim, state]) => claimRow(claim, state, answer))));
    const facts = word("as_of", { time: writtenTime(answer.as_of_unix_ms), sequence: writtenNumber(answer.sequence) });
    into.replaceChildren(headline(kindOf(answer.outcome), answer.outcome, meaningOf(outcomes, answer.outcome)),
        compared ? table : make("p", { class: "facts" }, word("not_asked")),
        make("p", { class: "facts" }, facts, " ", word("took", { ms: writtenNumber(tookMs, 1) })),
        ...(answer.receipt ? [make("p", { class: "facts" }, receiptLink(answer.receipt))] : []));
}

// A problem document, in place of a verdict.
export function showProblem(into, problem) {
    const parts = [headline("stop", problem.code, meaningOf(problems, problem.code))];
    if (problem.member) parts.push(make("p", { class: "facts" }, word("about_member", { field: memberWord(problem.member) })));
    into.replaceChildren(...parts);
}

export function showNoService(into) {
    const text = { vi: "", en: "" };
    text[currentLanguage()] = word("no_service");
    into.replaceChildren(make("div", { class: "headline stop" }, sign("stop"),
        make("div", {}, make("h2", { tabindex: "-1" }, word("no_answer")), make("p", {}, text[currentLanguage()]))));
}
