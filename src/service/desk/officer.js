// SPDX-License-Identifier: Apache-2.0
// The officer's page: asks about one person. What is typed stays in the form: it is in no address and no storage.
import { readCard } from "./card.js";
import { byId } from "./elements.js";
import { buildFields, clearWrongs, goToWrong, readQuestion, setField, translateFields } from "./fields.js";
import { showNoService, showProblem, showVerdict } from "./verdicts.js";
import { word } from "./words.js";

let shown = null; // draws the answer anew, in whatever language
let cardShown = null;

// {status, body}; null where the service is not there.
export async function post(path, body, type = "application/json") {
    try {
        const response = await fetch(path, { method: "POST", body, headers: { "Content-Type": type }, cache: "no-store", credentials: "same-origin" });
        return { status: response.status, body: await response.json() };
    } catch {
        return null;
    }
}

function show(how) {
    shown = how;
    how();
    byId("answer").querySelector("h2")?.focus();
}

const takeScanned = () => readCard(byId("field-id").value) !== null && useCard(byId("field-id").value);

async function ask(event) {
    event.preventDefault();
    if (takeScanned()) return;
    const question = readQuestion();
    const button = byId("question").querySelector("button.main");
    if (question === null || button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = word("asking");
    const begin = performance.now();
    const answer = await post("/v1/verify", JSON.stringify({ ...question, answer: "names" }));
    const took = performance.now() - begin;
    button.removeAttribute("aria-disabled");
    button.textContent = word("ask");
    const into = byId("answer");
    if (answer === null) return show(() => showNoService(into));
    if (answer.status === 200) return show(() => showVerdict(into, answer.body, took));
    show(() => showProblem(into, answer.body));
    if (answer.body.member && byId(`field-${answer.body.member}`)) goToWrong(answer.body.member, null);
}

const nameOfPart = (part) => (part === "id" || part === "name" || part === "birth_date" || part === "sex" ? word(`field_${part}`) : word(`card_${part}`));

function useCard(text) {
    const read = readCard(text);
    if (read === null) {
        cardShown = () => word("card_not");
    } else {
        clearWrongs();
        for (const [name, value] of Object.entries(read.values)) setField(name, value);
        const part = (key, names) => (names.length === 0 ? [] : [word(key, { fields: names.map(nameOfPart).join(", ") })]);
        cardShown = () => [...part("card_filled", Object.keys(read.values)), ...part("card_unused", read.unused), ...part("card_faults", read.faults)].join(" ");
        byId("card").value = "";
    }
    byId("card-says").textContent = cardShown();
    return read !== null;
}

// Looks for a QR code until one that is a card's is seen, or the camera is ended by the same button.
async function scan() {
    const camera = byId("camera");
    const end = () => {
        for (const track of camera.srcObject?.getTracks() ?? []) track.stop();
        camera.srcObject = null;
        camera.hidden = true;
    };
    if (camera.srcObject) return end();
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    try {
        camera.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        camera.hidden = false;
        await camera.play();
        cardShown = () => word("card_scanning");
        byId("card-says").textContent = cardShown();
        while (camera.srcObject) {
            const found = await detector.detect(camera);
            if (found.some((code) => useCard(code.rawValue))) return end();
            await new Promise((done) => setTimeout(done, 150));
        }
    } catch {
        end();
        cardShown = () => word("card_no_camera");
        byId("card-says").textContent = cardShown();
    }
}

async function offerScan() {
    if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices) return;
    const formats = await globalThis.BarcodeDetector.getSupportedFormats();
    byId("card-scan").hidden = !formats.includes("qr_code");
}

export function startOfficer() {
    buildFields();
    byId("question").addEventListener("submit", ask);
    byId("question").addEventListener("reset", () => {
        clearWrongs();
        shown = null;
        cardShown = null;
        byId("card-says").textContent = "";
        translateOfficer();
        byId("field-id").focus();
    });
    byId("card-use").addEventListener("click", () => useCard(byId("card").value));
    byId("card-scan").addEventListener("click", scan);
    // A scanner types like a keyboard, mostly with Enter at the end: a card's text in the field of the number is taken for
    // what it is when no more of it comes.
    let scanned = null;
    byId("field-id").addEventListener("input", () => {
        clearTimeout(scanned);
        if (byId("field-id").value.includes("|")) scanned = setTimeout(takeScanned, 200);
    });
    offerScan().catch(() => {});
}

export function translateOfficer() {
    translateFields();
    if (cardShown) byId("card-says").textContent = cardShown();
    if (shown) return shown();
    const empty = document.createElement("p");
    empty.className = "empty";
    empty.textContent = word("answer_empty");
    byId("answer").replaceChildren(empty);
}
