// SPDX-License-Identifier: Apache-2.0
// The operator's page: the service's counts each second, as figures, charts and a table. Only while it is looked at.
import { makeChart } from "./charts.js";
import { byId, make, sign } from "./elements.js";
import { meaningOf, outcomes, problems } from "./meanings.js";
import { countsOf, readMetrics } from "./metrics.js";
import { currentLanguage, word, writtenNumber } from "./words.js";

const charts = {
    rate: makeChart("chart_rate", ["chart_rate"]),
    outcomes: makeChart("chart_outcomes", ["group_verified", "group_not", "group_refused", "group_technical"]),
    age: makeChart("chart_age", ["chart_age"]),
    problems: makeChart("chart_problems", ["chart_problems"]),
    alarms: makeChart("chart_alarms", ["series_alarms", "series_limits"]),
    connections: makeChart("chart_connections", ["chart_connections"]),
};
let timer = null;
let last = null; // {at, counts, metrics}
let rates = null;
let isGone = false;

async function look() {
    const at = performance.now();
    try {
        const response = await fetch("/metrics", { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(5000) });
        const metrics = readMetrics(await response.text());
        take({ at, metrics, counts: countsOf(metrics) });
        isGone = false;
    } catch {
        isGone = true;
    }
    show();
    if (timer !== null) timer = setTimeout(look, Math.max(0, 1000 - (performance.now() - at)));
}

function take(now) {
    const { metrics, counts } = now;
    const seconds = last ? (now.at - last.at) / 1000 : 0;
    // A service that was started anew counts from zero.
    const rate = (name) => (last && seconds > 0 ? Math.max(0, counts[name] - last.counts[name]) / seconds : 0);
    rates = Object.fromEntries(Object.keys(counts).map((name) => [name, rate(name)]));
    last = now;
    charts.rate.add(rates.verdicts);
    charts.outcomes.add(rates.verified, rates.not, rates.refused, rates.technical);
    charts.age.add(metrics.value("register_age_seconds") * 1000);
    charts.problems.add(rates.problems);
    charts.alarms.add(rates.alarms, rates.limits);
    charts.connections.add(metrics.value("connections"));
}

function writtenAge(seconds) {
    return seconds < 10 ? `${writtenNumber(seconds * 1000)} ms` : `${writtenNumber(seconds)} s`;
}

function showState() {
    const state = byId("operator-state");
    if (last === null && !isGone) return;
    const says = isGone ? "operator_gone" : last.metrics.value("ready") === 1 ? "operator_ready" : "operator_not_ready";
    // Said only when it changes: it is read aloud.
    if (state.textContent === word(says)) return;
    const kind = says === "operator_ready" ? "yes" : "stop";
    state.replaceChildren(make("span", { class: `says ${kind}` }, sign(kind), word(says)));
}

function show() {
    showState();
    if (last === null) return;
    const { metrics } = last;
    const figures = [
        ["figure_rate", writtenNumber(rates.verdicts)],
        ["figure_age", writtenAge(metrics.value("register_age_seconds"))],
        ["figure_citizens", writtenNumber(metrics.value("register_citizens"))],
        ["figure_sequence", writtenNumber(metrics.value("register_sequence"))],
        ["figure_connections", writtenNumber(metrics.value("connections"))],
        ["figure_alarms", writtenNumber(metrics.value("alarms_total"))],
    ];
    byId("figures").replaceChildren(...figures.map(([name, value]) => make("div", {}, make("dt", {}, word(name)), make("dd", {}, value))));
    for (const chart of Object.values(charts)) chart.show();
    showTotals(metrics);
}

function showTotals(metrics) {
    const language = currentLanguage();
    const of = (name, table) => metrics.all(name).filter((sample) => sample.value !== 0)
        .map((sample) => [`${sample.labels.code} · ${meaningOf(table, sample.labels.code)[language]}`, sample.value]);
    const limits = metrics.all("limits_met_total").filter((sample) => sample.value !== 0).map((sample) => [sample.labels.limit, sample.value]);
    const rows = [...of("verdicts_total", outcomes), ...of("problems_total", problems), ...limits];
    byId("totals").replaceChildren(make("table", {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, word("total_what")), make("th", { scope: "col", class: "number" }, word("total_count")))),
        make("tbody", {}, ...rows.map(([what, count]) => make("tr", {}, make("th", { scope: "row" }, what), make("td", { class: "number" }, writtenNumber(count)))))));
}

export function startOperator() {
    byId("charts").append(...Object.values(charts).map((chart) => chart.element));
}

export function showOperator(isShown) {
    if (!isShown) {
        clearTimeout(timer);
        timer = null;
    } else if (timer === null) {
        timer = 0;
        look();
    }
}

export function translateOperator() {
    for (const chart of Object.values(charts)) chart.show();
    show();
}
