// SPDX-License-Identifier: Apache-2.0
// Parts of the page, made by code: text is only ever set as text.

const svgSpace = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
}

export const make = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
export const draw = (tag, attributes = {}, ...children) => filled(document.createElementNS(svgSpace, tag), attributes, children);
export const byId = (id) => document.getElementById(id);

const shapes = {
    yes: ["M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21z", "M6.8 12.4l3.6 3.6l6.8-7.6"],
    no: ["M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6z", "M8 8l8 8M16 8l-8 8"],
    unsure: ["M12 .8L23.2 12L12 23.2L.8 12z", "M9.3 9.6c.2-3.4 5.4-3.3 5.3 0c0 1.9-2.6 2-2.6 4M12 17v.3"],
    stop: ["M12 2L23 21.5H1z", "M12 9v6M12 18v.3"],
};

// A sign that says yes, no, unsure or stop by its shape as much as by its colour.
export function sign(kind) {
    const [outline, inside] = shapes[kind];
    const line = { fill: "none", "stroke-width": "2.1", "stroke-linecap": "round", "stroke-linejoin": "round" };
    return draw("svg", { viewBox: "0 0 24 24", class: `sign ${kind}`, "aria-hidden": "true" },
        draw("path", { d: outline, fill: "none", stroke: "currentColor", "stroke-width": "1.8" }),
        draw("path", { d: inside, stroke: "currentColor", ...line }));
}

// A download of parts of text, by a link.
export function downloadLink(parts, name, text) {
    const link = make("a", { class: "button main", href: URL.createObjectURL(new Blob(parts, { type: "text/csv;charset=utf-8" })), download: name }, text);
    return link;
}
