// SPDX-License-Identifier: Apache-2.0
// Drives the desk in a real browser, over the service that scripts/demo --serve starts, and clicks through what people do
// there. A picture of each state is kept; in each, axe finds no violation, the browser no breach of the page's rules.
//
//   node drive.mjs <folder with node_modules> <folder of the build> <folder for pictures> [browser [flow]]
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { flows } from "./flows.mjs";

const [modules, build, pictures, browserPath = "/usr/bin/chromium", only] = process.argv.slice(2);
const require = createRequire(`${modules}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const top = fileURLToPath(new URL("../../", import.meta.url));

// Two ports side by side that nobody has.
async function freePort() {
    const take = (port) => new Promise((done) => {
        const server = createServer().on("error", () => done(0)).listen(port, "127.0.0.1", () => {
            const taken = server.address().port;
            server.close(() => done(taken));
        });
    });
    for (;;) {
        const port = await take(0);
        if (port < 65534 && (await take(port + 1)) !== 0) return port;
    }
}

async function startDemo(port) {
    const demo = spawn("scripts/demo", ["--serve", "--port", String(port)], { cwd: top, env: { ...process.env, XACTHUC_DEMO_BUILD: build }, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    demo.stdout.setEncoding("utf8").on("data", (text) => (said += text));
    const ended = new Promise((done) => demo.on("exit", (code, signal) => done(code ?? signal)));
    const until = Date.now() + 60_000;
    while (!said.includes("Ctrl-C ends it")) {
        if (Date.now() > until || demo.exitCode !== null) throw new Error(`the service did not start:\n${said}`);
        await new Promise((done) => setTimeout(done, 50));
    }
    const end = async () => {
        demo.kill("SIGINT");
        const code = await ended;
        if (code !== 0) throw new Error(`the demonstration ended with ${code}:\n${said}`);
    };
    return { said: () => said, end, kill: () => demo.kill("SIGTERM") };
}

// One page of the browser, watched.
async function openPage(browser, address, options = {}) {
    const context = await browser.newContext({ locale: "vi-VN", permissions: ["camera"], ...options });
    const page = await context.newPage();
    const faults = [];
    const expected = []; // what a browser says of an answer that is no 200
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        const at = expected.findIndex((each) => message.text().includes(each));
        if (at === -1) faults.push(`${message.type()}: ${message.text()}`);
        else expected.splice(at, 1);
    });
    page.on("request", (request) => {
        if (!request.url().startsWith(address) && !request.url().startsWith("blob:")) faults.push(`asked another host: ${request.url()}`);
    });
    await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`rule broken: ${event.violatedDirective} ${event.blockedURI}`)));
    // By the debugger, before the page: as a script of the page its rules would not let it run.
    await page.addInitScript(axe);
    await page.goto(address);
    return { page, context, faults, expect: (text) => expected.push(text) };
}

const checkedStates = [];
// A picture of the state, and that nothing of it is wrong.
async function keep(watched, name) {
    const { page, faults } = watched;
    await page.evaluate(() => scrollTo(0, 0));
    await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished)));
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    for (const each of violations) faults.push(`axe, ${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("\n  ")}`);
    if (faults.length !== 0) throw new Error(`${name}: ${faults.join("\n")}`);
    checkedStates.push(name);
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const port = await freePort();
const demo = await startDemo(port);
let browser = null;
try {
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] });
    const address = `http://127.0.0.1:${port}/`;
    const person = Object.fromEntries([...demo.said().matchAll(/number (\d{12}), name ([^,]+), birth date ([\d-]+), sex (\w+)/g)].flatMap(([, id, name, birth, sex]) => Object.entries({ id, name, birth, sex })));
    const folder = /a list to drop: (.*)\/people\.csv/.exec(demo.said())[1];
    const card = /a card's text: (.*)/.exec(demo.said())[1];
    for (const [name, flow] of Object.entries(flows)) {
        if (only !== undefined && only !== name) continue;
        const begun = Date.now();
        await flow({ open: (options) => openPage(browser, address, options), keep, person, folder, card, build });
        console.log(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    }
    await browser.close();
    browser = null;
    await demo.end();
    console.log(`${checkedStates.length} states, each without a violation: ${checkedStates.join(", ")}`);
} catch (error) {
    console.error(error);
    process.exitCode = 1;
} finally {
    await browser?.close();
    if (process.exitCode === 1) demo.kill();
}
