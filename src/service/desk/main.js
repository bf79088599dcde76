// SPDX-License-Identifier: Apache-2.0
// The page as a whole: which part of it is shown, and in which language.
import { startCitizen, translateCitizen } from "./citizen.js";
import { byId } from "./elements.js";
import { startList, translateList } from "./list.js";
import { startOfficer, translateOfficer } from "./officer.js";
import { showOperator, startOperator, translateOperator } from "./operator.js";
import { currentLanguage, setLanguage, word } from "./words.js";

const pages = ["officer", "list", "citizen", "operator"];

function translate() {
    document.documentElement.lang = currentLanguage();
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
    const button = byId("language");
    button.textContent = currentLanguage() === "vi" ? "English" : "Tiếng Việt";
    button.lang = currentLanguage() === "vi" ? "en" : "vi";
    translateOfficer();
    translateList();
    translateCitizen();
    translateOperator();
    document.title = `${word(`nav_${shownPage()}`)} · ${word("title")}`;
}

function shownPage() {
    const asked = location.hash.slice(1);
    return pages.includes(asked) ? asked : pages[0];
}

function showPage(event) {
    const shown = shownPage();
    for (const page of pages) byId(`page-${page}`).hidden = page !== shown;
    for (const link of document.querySelectorAll("nav a")) {
        if (link.hash === `#${shown}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    document.title = `${word(`nav_${shown}`)} · ${word("title")}`;
    showOperator(shown === "operator");
    if (event) {
        scrollTo(0, 0);
        byId(`${shown}-title`).focus({ preventScroll: true });
    }
}

startOfficer();
startList();
startCitizen();
startOperator();
byId("language").addEventListener("click", () => {
    setLanguage(currentLanguage() === "vi" ? "en" : "vi");
    translate();
});
document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
});
addEventListener("hashchange", showPage);
translate();
showPage();
