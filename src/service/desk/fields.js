// SPDX-License-Identifier: Apache-2.0
// The fields of the officer's form: what stands in each, how it is checked before it is sent, and as what it is sent.
import { isoDate, writtenDate } from "./dates.js";
import { byId, make } from "./elements.js";
import { provinces } from "./provinces.js";
import { word } from "./words.js";

const choice = (name, group, ...values) => ({ name, group, kind: "choice", values });
export const fields = [
    { name: "id", group: "person", kind: "id", hint: "hint_id", wide: true },
    { name: "name", group: "person", kind: "text", hint: "hint_name", wide: true },
    { name: "name_exact", group: "person", kind: "check", wide: true },
    { name: "birth_date", group: "person", kind: "date", hint: "hint_date" },
    choice("sex", "person", "male", "female", "other"),
    choice("life", "more", "alive", "deceased", "missing"),
    choice("registration", "more", "active", "suspended", "cancelled"),
    choice("account", "more", "active", "locked", "revoked"),
    choice("account_level", "more", "none", "level_1", "level_2"),
    choice("account_level_at_least", "more", "level_1", "level_2"),
    choice("document", "more", "none", "valid", "lost", "damaged", "replaced", "revoked", "held"),
    { name: "document_valid_on", group: "more", kind: "day", hint: "hint_date" },
    { name: "born_on_or_before", group: "more", kind: "day", hint: "hint_date" },
    choice("province", "more", ...Object.keys(provinces)),
    { name: "ward", group: "more", kind: "ward", hint: "hint_ward" },
    { name: "agency", group: "asker", kind: "number", hint: "hint_agency" },
    { name: "procedure", group: "asker", kind: "number" },
    { name: "officer", group: "asker", kind: "number" },
    { name: "max_age_ms", group: "asker", kind: "number" },
];
const notClaims = ["id", "name_exact", "agency", "procedure", "officer", "max_age_ms"];
const key = (name) => `field-${name}`;

function optionOf(field, value) {
    if (field.name === "province") return make("option", { value }, `${value} · ${provinces[value]}`);
    return make("option", { value, "data-word": `value_${value}` }, word(`value_${value}`));
}

function controlOf(field) {
    const id = key(field.name);
    const says = `${id}-says`;
    const described = field.hint ? `${id}-hint ${says}` : says;
    if (field.kind === "choice") {
        return make("select", { id, "aria-describedby": described },
            make("option", { value: "", "data-word": "not_stated" }, word("not_stated")),
            ...field.values.map((value) => optionOf(field, value)));
    }
    if (field.kind === "check") return make("input", { id, type: "checkbox" });
    const inputmode = field.kind === "text" ? null : field.kind === "date" || field.kind === "day" ? "text" : "numeric";
    return make("input", { id, type: "text", inputmode, spellcheck: "false", autocomplete: "off", "aria-describedby": described,
        "aria-required": field.name === "id" ? "true" : null });
}

// Puts every field into its part of the form.
export function buildFields() {
    for (const field of fields) {
        const id = key(field.name);
        const label = make("label", { for: id, "data-word": `field_${field.name}` }, word(`field_${field.name}`));
        const control = controlOf(field);
        const into = byId(`fields-${field.group}`);
        if (field.kind === "check") {
            into.append(make("div", { class: "field check wide" }, control, label));
            continue;
        }
        const hint = field.hint ? make("p", { class: "hint", id: `${id}-hint`, "data-word": field.hint }, word(field.hint)) : null;
        into.append(make("div", { class: field.wide ? "field wide" : "field" }, label, control, hint, make("p", { class: "wrong", id: `${id}-says` })));
    }
}

export function setField(name, value) {
    const field = fields.find((each) => each.name === name);
    const control = byId(key(name));
    control.value = field.kind === "date" || field.kind === "day" ? writtenDate(value) : value;
}

// The value to send, or {wrong: key of a word}.
function valueOf(field, text) {
    switch (field.kind) {
        case "id": {
            const digits = text.replace(/[\s.]/g, "");
            return /^\d{12}$/.test(digits) ? digits : { wrong: "wrong_id" };
        }
        case "date":
            return isoDate(text) ?? { wrong: "wrong_date" };
        case "day": {
            const iso = isoDate(text);
            if (iso === null) return { wrong: "wrong_date" };
            return iso.length === 10 ? iso : { wrong: "wrong_day" };
        }
        case "ward":
            return /^\d{5}$/.test(text) ? text : { wrong: "wrong_ward" };
        case "number":
            return /^\d{1,15}$/.test(text) ? Number(text) : { wrong: "wrong_number" };
        default:
            return text;
    }
}

const wrongs = new Map(); // of each field: the key of the word that says what is wrong

function showWrong(name) {
    const control = byId(key(name));
    const wrong = wrongs.get(name);
    byId(`${key(name)}-says`).textContent = wrong ? word(wrong) : "";
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
}

export function translateFields() {
    for (const field of fields) if (field.kind !== "check") showWrong(field.name);
}

export function clearWrongs() {
    wrongs.clear();
    translateFields();
}

// Says that something is wrong with a field, opens what hides it, and goes there.
export function goToWrong(name, wrong) {
    if (wrong) wrongs.set(name, wrong);
    showWrong(name);
    const control = byId(key(name));
    if (wrong === null) control.setAttribute("aria-invalid", "true");
    const folded = control.closest("details");
    if (folded) folded.open = true;
    control.focus();
}

// The question as the service takes it; null where a field is wrong, which is then shown.
export function readQuestion() {
    clearWrongs();
    const question = {};
    let first = null;
    for (const field of fields) {
        if (field.kind === "check") continue;
        const text = byId(key(field.name)).value.trim();
        if (text === "" && field.name !== "id") continue;
        const value = valueOf(field, text);
        if (typeof value === "object") {
            wrongs.set(field.name, value.wrong);
            first ??= field.name;
        } else {
            question[field.name] = value;
        }
    }
    const refuse = (name, wrong) => {
        if (first === null) first = name;
        wrongs.set(name, wrong);
    };
    if (question.birth_date && question.born_on_or_before) refuse("born_on_or_before", "wrong_both");
    if (question.account_level && question.account_level_at_least) refuse("account_level_at_least", "wrong_both_levels");
    if (first === null && !Object.keys(question).some((name) => !notClaims.includes(name))) refuse("name", "wrong_nothing");
    translateFields();
    if (first !== null) {
        goToWrong(first, wrongs.get(first));
        return null;
    }
    if (question.name && byId(key("name_exact")).checked) {
        question.name_exact = question.name;
        delete question.name;
    }
    return question;
}
