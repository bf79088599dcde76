// SPDX-License-Identifier: Apache-2.0
// The citizen's page: who asked about her, as sentences. The proof is made by the app that has her key; this page has no
// key and keeps neither proof nor list.
import { writtenTime } from "./dates.js";
import { byId, make } from "./elements.js";
import { meaningOf, outcomes } from "./meanings.js";
import { post } from "./officer.js";
import { showNoService, showProblem } from "./verdicts.js";
import { currentLanguage, word, writtenNumber } from "./words.js";

// A proof is good for one question, so she gets as many as one may have.
const accessesMax = 1000;

let shown = null;
const wrongs = { "my-id": null, "my-proof": null };

function showWrongs() {
    for (const [id, wrong] of Object.entries(wrongs)) {
        byId(`${id}-says`).textContent = wrong ? word(wrong) : "";
        if (wrong) byId(id).setAttribute("aria-invalid", "true");
        else byId(id).removeAttribute("aria-invalid");
    }
    const first = Object.keys(wrongs).find((id) => wrongs[id] !== null);
    return first ?? null;
}

function item(access, ...told) {
    return make("li", { class: "access" },
        make("time", { datetime: new Date(access.at_unix_ms).toISOString() }, writtenTime(access.at_unix_ms)), ...told);
}

// The proof, alone or as the member that it becomes.
function readProof(text) {
    try {
        const given = JSON.parse(text);
        const proof = given.holder_proof ?? given;
        return ["issued_at_unix_ms", "nonce", "signature"].every((name) => name in proof) ? proof : null;
    } catch {
        return null;
    }
}

function sentence(access) {
    const agency = word("my_agency", { number: access.agency });
    if (access.withheld) return item(access, make("p", {}, word("my_withheld", { agency })));
    const claims = access.claims.map((claim) => word(`field_${claim === "name_exact" ? "name" : claim}`).toLowerCase());
    return item(access,
        make("p", {}, word("my_sentence", {
            agency,
            procedure: access.procedure === undefined ? word("my_own_purpose") : word("my_procedure", { number: access.procedure }),
            claims: claims.length === 0 ? word("my_no_claims") : claims.join(", "),
        })),
        make("p", { class: "hint" }, word("my_answer", { meaning: meaningOf(outcomes, access.outcome)[currentLanguage()] })));
}

function showAccesses(body) {
    const { accesses, total } = body;
    const count = writtenNumber(accesses.length);
    const counted = accesses.length < total ? word("my_newest", { count, total: writtenNumber(total) }) : word("my_count", { count });
    const title = make("h2", { tabindex: "-1" }, accesses.length === 0 ? word("my_none") : counted);
    byId("accesses").replaceChildren(title, make("ol", { class: "accesses" }, ...accesses.map(sentence)));
}

function show(how) {
    shown = how;
    how();
    byId("accesses").querySelector("h2")?.focus();
}

async function ask(event) {
    event.preventDefault();
    const id = byId("my-id").value.replace(/[\s.]/g, "");
    const proof = readProof(byId("my-proof").value);
    wrongs["my-id"] = /^\d{12}$/.test(id) ? null : "wrong_id";
    wrongs["my-proof"] = proof === null ? "wrong_proof" : null;
    const wrong = showWrongs();
    if (wrong !== null) return byId(wrong).focus();
    const answer = await post("/v1/my/accesses", JSON.stringify({ id, limit: accessesMax, holder_proof: proof }));
    const into = byId("accesses");
    if (answer === null) return show(() => showNoService(into));
    if (answer.status !== 200) return show(() => showProblem(into, answer.body));
    byId("my-proof").value = "";
    show(() => showAccesses(answer.body));
}

export function startCitizen() {
    byId("mine").addEventListener("submit", ask);
}

export function translateCitizen() {
    showWrongs();
    shown?.();
}
