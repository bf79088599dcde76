// SPDX-License-Identifier: Apache-2.0
// The text of an identity card's QR code: number|old number|name|ddmmyyyy|sex|address|issued ddmmyyyy, and on newer
// cards further fields. Number, name, birth date and sex can be asked about; of the rest it is said that it was not used.
import { isoDate } from "./dates.js";

export const cardFields = ["id", "old_number", "name", "birth_date", "sex", "address", "issued"];

// {values: {id, name, birth_date, sex}, unused: [field, …], faults: [field, …]}, or null where the text is no card's.
export function readCard(text) {
    const parts = text.normalize("NFC").replace(/^\uFEFF/, "").split("|").map((part) => part.trim());
    if (parts.length < 5) return null;
    const given = Object.fromEntries(cardFields.map((field, place) => [field, parts[place] ?? ""]));
    const values = {};
    const faults = [];
    const take = (field, value) => {
        if (given[field] === "") return;
        if (value === null) faults.push(field);
        else values[field] = value;
    };
    const number = given.id.replace(/[\s.]/g, "");
    take("id", /^\d{12}$/.test(number) ? number : null);
    take("name", given.name);
    take("birth_date", isoDate(given.birth_date));
    take("sex", sexWord(given.sex));
    if (values.id === undefined) return null;
    const unused = ["old_number", "address", "issued"].filter((field) => given[field] !== "");
    if (parts.slice(cardFields.length).some((part) => part !== "")) unused.push("further");
    return { values, unused, faults };
}

function sexWord(text) {
    const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return { nam: "male", male: "male", m: "male", nu: "female", female: "female", f: "female", khac: "other" }[plain] ?? null;
}
