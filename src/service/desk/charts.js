// SPDX-License-Identifier: Apache-2.0
// A chart of the last two minutes: lines of SVG, told apart by dashes as well as colours, with the latest values as
// text below.
import { draw, make } from "./elements.js";
import { word, writtenNumber } from "./words.js";

const samples = 120;
const [width, height, left, bottom, top] = [360, 150, 44, 20, 8];

// The next larger of 1, 2, 5, 10, …
function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
    return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

// name: key of a word; series: keys of words, one a line; digits: of the values.
export function makeChart(name, series, digits = 0) {
    const values = series.map(() => []);
    const lines = series.map((_, k) => draw("polyline", { class: series.length === 1 ? "s0" : `s${k + 1}` }));
    const ticks = [0, 0.5, 1].map((part) => {
        const y = top + (1 - part) * (height - top - bottom);
        return { y, text: draw("text", { x: left - 6, y: y + 4, "text-anchor": "end" }), grid: draw("line", { class: "grid", x1: left, x2: width, y1: y, y2: y }) };
    });
    const begin = draw("text", { x: left, y: height - 4 });
    const end = draw("text", { x: width, y: height - 4, "text-anchor": "end" });
    const picture = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" },
        ...ticks.flatMap((tick) => [tick.grid, tick.text]), begin, end, ...lines);
    const caption = make("figcaption");
    const legend = make("ul", { class: "legend" });
    const element = make("figure", { class: "chart" }, caption, picture, series.length === 1 ? null : legend);

    const xOf = (place, count) => left + ((samples - count + place) / (samples - 1)) * (width - left);
    function show() {
        const most = roundUp(Math.max(...values.flat(), 0));
        const yOf = (value) => top + (1 - value / most) * (height - top - bottom);
        lines.forEach((line, k) => {
            const points = values[k].map((value, place) => `${xOf(place, values[k].length).toFixed(1)},${yOf(value).toFixed(1)}`);
            line.setAttribute("points", points.join(" "));
        });
        ticks.forEach((tick, k) => (tick.text.textContent = writtenNumber((most * k) / 2, most < 2 ? 1 : 0)));
        begin.textContent = `−${word("chart_span")}`;
        end.textContent = word("now");
        const latest = values.map((each) => writtenNumber(each.at(-1) ?? 0, digits));
        const spoken = series.length === 1 ? latest[0] : series.map((key, k) => `${word(key)} ${latest[k]}`).join(", ");
        picture.setAttribute("aria-label", word("chart_now", { name: word(name), value: spoken }));
        caption.textContent = series.length === 1 ? `${word(name)}: ${latest[0]}` : word(name);
        if (series.length === 1) return;
        legend.replaceChildren(...series.map((key, k) => make("li", {},
            draw("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" }, draw("line", { class: `s${k + 1}`, x1: 0, x2: 26, y1: 5, y2: 5 })),
            `${word(key)} ${latest[k]}`)));
    }
    function add(...latest) {
        latest.forEach((value, k) => {
            values[k].push(value);
            if (values[k].length > samples) values[k].shift();
        });
    }
    return { element, add, show };
}
