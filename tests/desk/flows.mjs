// SPDX-License-Identifier: Apache-2.0
// What people do at the desk, step by step. drive.mjs runs each with a page of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const written = (iso) => iso.split("-").reverse().join("/");

async function fill(page, { id, name, birth }, others = {}) {
    for (const [field, value] of Object.entries({ id, name, birth_date: birth && written(birth), procedure: "1", ...others })) {
        if (value !== undefined) await page.fill(`#field-${field}`, value);
    }
}

async function ask(page) {
    const before = await page.locator("#answer").innerText();
    await page.click("#question button.main");
    await page.waitForFunction((old) => document.querySelector("#answer").innerText !== old && document.activeElement.matches("#answer h2, input"), before);
    return page.locator("#answer").innerText();
}

const claims = (page) => page.locator("#answer tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.split("\n")[0])));

async function officer({ open, keep, person, folder, build }) {
    const watched = await open({ viewport: { width: 1180, height: 900 } });
    const { page } = watched;
    assert.equal(await page.locator("html").getAttribute("lang"), "vi");
    await keep(watched, "officer");
    await fill(page, person);
    await page.selectOption("#field-sex", person.sex);
    assert.match(await ask(page), /Khớp: mọi thông tin/);
    assert.deepEqual(await claims(page), [["Họ và tên", "Khớp"], ["Ngày sinh", "Khớp"], ["Giới tính", "Khớp"]]);
    assert.match(await page.locator("#answer").innerText(), /Theo cơ sở dữ liệu lúc \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/);
    await keep(watched, "officer-verified");
    const [receipt] = await Promise.all([page.waitForEvent("download"), page.click("#answer a")]);
    assert.match(receipt.suggestedFilename(), /^\d+-\d+\.receipt$/);
    const told = execFileSync(`${build}/src/cli/xacthuc`, ["ledger", "verify-receipt", await receipt.path(), "--key", `${folder}/ledger/ledger.vkey`], { encoding: "utf8" });
    assert.match(told, /verified/);

    await page.click("#language");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.match(await page.locator("#answer").innerText(), /Verified: everything/);
    assert.equal(await page.inputValue("#field-id"), person.id);
    await keep(watched, "officer-verified-en");

    await page.fill("#field-birth_date", "1/2/1903");
    assert.match(await ask(page), /The birth date does not match/);
    assert.deepEqual(await claims(page), [["Full name", "Matched"], ["Birth date", "Not matched"], ["Sex", "Matched"]]);
    await keep(watched, "officer-mismatch-en");
    await page.check("#field-name_exact");
    await page.fill("#field-name", person.name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D"));
    await page.fill("#field-birth_date", "");
    assert.match(await ask(page), /mark for mark/);
    await page.click("#question button[type=reset]");
    assert.match(await page.locator("#answer").innerText(), /appears here/);
    assert.equal(await page.inputValue("#field-name"), "");

    // Nothing that was typed is anywhere but in the form.
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), sessionStorage.length, document.cookie, location.search]), [["xacthuc-desk-language"], 0, "", ""]);
    await page.reload();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.inputValue("#field-id"), "");
    await page.goto(`${page.url().split("#")[0]}?lang=vi`);
    assert.equal(await page.locator("html").getAttribute("lang"), "vi");
    await watched.context.close();
}

async function faults({ open, keep, person }) {
    const watched = await open();
    const { page } = watched;
    await fill(page, { id: "00119900", name: "", birth: "1990-02-30" });
    await page.click("#more summary");
    await page.fill("#field-ward", "12");
    await page.click("#question button.main");
    assert.equal(await page.evaluate(() => document.activeElement.id), "field-id");
    assert.match(await page.locator("#field-id-says").innerText(), /12 chữ số/);
    assert.match(await page.locator("#field-birth_date-says").innerText(), /ngày\/tháng\/năm/);
    await keep(watched, "officer-wrong");
    await page.click("#question button[type=reset]");
    await fill(page, { id: person.id, name: "" });
    await page.click("#question button.main");
    assert.match(await page.locator("#field-name-says").innerText(), /ít nhất một/);
    // What only the service can find.
    await page.fill("#field-name", "\u0378");
    watched.expect("status of 400");
    assert.match(await ask(page), /Unicode/);
    assert.equal(await page.locator("#field-name").getAttribute("aria-invalid"), "true");
    await keep(watched, "officer-problem");
    // What policy refuses.
    await fill(page, person, { procedure: "7" });
    assert.match(await ask(page), /Thủ tục này không có/);
    assert.match(await page.locator("#answer").innerText(), /Chưa có câu trả lời/);
    await keep(watched, "officer-refused");
    await fill(page, { ...person, id: "001199999999" });
    assert.match(await ask(page), /Không có ai mang số/);
    // A service that is gone.
    watched.expect("ERR_FAILED");
    await page.route("**/v1/verify", (route) => route.abort());
    assert.match(await ask(page), /Không kết nối được/);
    await keep(watched, "officer-gone");
    await watched.context.close();
}

async function card({ open, keep, person, card: text }) {
    const watched = await open();
    const { page } = watched;
    await page.click(".card-text summary");
    assert.equal(await page.isVisible("#card-scan"), await page.evaluate(async () => "BarcodeDetector" in globalThis && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")));
    await page.fill("#card", "xin chào");
    await page.click("#card-use");
    assert.match(await page.locator("#card-says").innerText(), /không phải/);
    await page.fill("#card", text);
    await page.click("#card-use");
    assert.match(await page.locator("#card-says").innerText(), /Không dùng: địa chỉ, ngày cấp/);
    assert.equal(await page.inputValue("#field-birth_date"), written(person.birth));
    assert.equal(await page.inputValue("#field-sex"), person.sex);
    await page.fill("#field-procedure", "1");
    await keep(watched, "card");
    assert.match(await ask(page), /Khớp: mọi thông tin/);
    // A scanner that types into the first field.
    await page.click("#question button[type=reset]");
    await page.locator("#field-id").pressSequentially(text);
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#field-id"), person.id);
    assert.equal(await page.inputValue("#field-name"), person.name);
    await watched.context.close();

    // The camera of the browser, a picture of its own in it, and a detector that sees the card.
    const scanning = await open();
    await scanning.page.addInitScript((seen) => {
        let looks = 0;
        globalThis.BarcodeDetector = class {
            static getSupportedFormats = async () => ["qr_code"];
            detect = async (video) => (video.videoWidth > 0 && ++looks > 3 ? [{ rawValue: seen }] : []);
        };
    }, text);
    await scanning.page.reload();
    await scanning.page.click(".card-text summary");
    await scanning.page.click("#card-scan");
    await scanning.page.waitForFunction(() => document.querySelector("#field-name").value !== "");
    assert.equal(await scanning.page.isVisible("#camera"), false);
    assert.equal(await scanning.page.evaluate(() => document.querySelector("#camera").srcObject), null);
    await scanning.context.close();
}

async function download(page) {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#list-result a")]);
    return { name: saved.suggestedFilename(), text: readFileSync(await saved.path(), "utf8") };
}

async function list({ open, keep, folder }) {
    const watched = await open();
    const { page } = watched;
    await page.click("nav a[href='#list']");
    assert.equal(await page.evaluate(() => document.activeElement.id), "list-title");
    await keep(watched, "list");
    const people = readFileSync(`${folder}/people.csv`, "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
    const rows = people.slice(0, 40).map(([id, name, birth]) => `${id};"${name}";${written(birth)};"a ""note""\nof two lines"`);
    rows.splice(3, 0, "12;Sai Số;01/01/2000;", "", "too;few", `${people[5][0]};Không Phải Tên;;=1+1`);
    const text = `\uFEFFSố định danh;Họ và tên;Ngày sinh;Ghi chú\r\n${rows.join("\r\n")}\r\n`;
    // Dropped, as from a folder.
    const transfer = await page.evaluateHandle((bytes) => {
        const all = new DataTransfer();
        all.items.add(new File([bytes], "hộ dân.csv", { type: "text/csv" }));
        return all;
    }, text);
    await page.dispatchEvent("#drop", "dragover", { dataTransfer: transfer });
    await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
    await page.waitForSelector("#list-start");
    assert.match(await page.locator("#list-plan").innerText(), /Ghi chú\s+không gửi đi/);
    await page.fill("#list-procedure", "1");
    await keep(watched, "list-plan");
    await page.click("#list-start");
    await page.waitForSelector("#list-result a");
    await keep(watched, "list-done");
    const got = await download(page);
    assert.equal(got.name, "hộ dân-verified.csv");
    const [given, answered] = [text, got.text].map((each) => each.split("\r\n"));
    assert.equal(answered.length, given.length);
    assert.equal(answered[0], `${given[0]};outcome;meaning;checked_name;checked_birth_date`);
    answered.slice(1).forEach((line, k) => assert.ok(line.startsWith(given[k + 1]), line));
    assert.match(answered[1], /;(0|21\d|220|230|240);[^;]+;(true|not_available);(true|not_available)$/);
    assert.match(answered[4], /;;Số định danh phải có đúng 12 chữ số\. Trường: Số định danh\.;;$/);
    assert.equal(answered[5], "");
    assert.match(answered[6], /^too;few;;Dòng không đủ/);
    assert.match(answered[7], /;=1\+1;100;[^;]+;false;$/);

    // What cannot be a list.
    await page.setInputFiles("#file", { name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("name\nAn") });
    await page.waitForFunction(() => document.querySelector("#list-plan").innerText.includes("Không có cột số định danh"));
    await keep(watched, "list-fault");
    await page.setInputFiles("#file", { name: "y.csv", mimeType: "text/csv", buffer: Buffer.from([0x69, 0x64, 0x0a, 0xff, 0xfe]) });
    await page.waitForFunction(() => document.querySelector("#list-plan").innerText.includes("không phải UTF-8"));
    await watched.context.close();
}

async function longList({ open, keep, folder }) {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${page.url()}#list`);
    const people = readFileSync(`${folder}/people.csv`, "utf8").trim().split("\n");
    const rows = Array.from({ length: 100_000 }, (_, k) => `${people[1 + (k % (people.length - 1))]},1`);
    const whole = Buffer.from([`${people[0]},procedure`, ...rows].join("\n"));
    const choose = async () => {
        await page.setInputFiles("#file", { name: "nation.csv", mimeType: "text/csv", buffer: whole });
        await page.waitForSelector("#list-start");
    };
    await choose();
    await page.click("#list-start");
    await page.waitForFunction(() => document.querySelector("#list-progress").value > 1000);
    await page.click("#list-cancel");
    await page.waitForSelector("#list-result a");
    assert.match(await page.locator("#list-says").innerText(), /Đã dừng sau [\d.]+ dòng/);
    const part = (await download(page)).text.trimEnd().split("\n").length;
    assert.ok(part > 1000 && part < 100_001, String(part));
    await choose();
    const begun = Date.now();
    await page.click("#list-start");
    await page.waitForFunction(() => document.querySelector("#list-says").innerText.startsWith("Xong"), null, { timeout: 120_000 });
    console.log(`  100,000 rows in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const answered = (await download(page)).text.trimEnd().split("\n");
    assert.equal(answered.length, 100_001);
    assert.ok(answered.every((line, k) => k === 0 || line.startsWith(`${rows[k - 1]},`)));
    assert.ok(answered.slice(1).every((line) => /,(0|21\d|220|230|201|240),/.test(line)), answered.find((line) => /,1,[13-9]\d\d,/.test(line)));
    await keep(watched, "list-long");
    await watched.context.close();
}

async function operator({ open, keep, person }) {
    const watched = await open({ viewport: { width: 1180, height: 900 } });
    const { page } = watched;
    await page.click("nav a[href='#operator']");
    await page.waitForFunction(() => document.querySelector("#operator-state").innerText !== "");
    const drawn = () => page.locator("#charts polyline").evaluateAll((lines) => lines.map((line) => line.getAttribute("points")));
    const before = await drawn();
    // Questions from elsewhere, so that there is something to see.
    const asked = await page.evaluate(async (question) => {
        const lines = Array.from({ length: 300 }, (_, k) => JSON.stringify(k % 3 === 0 ? { ...question, name: "Ai Khác" } : question)).join("\n");
        for (let k = 0; k < 30; ++k) {
            await (await fetch("/v1/verify/batch", { method: "POST", body: lines, headers: { "Content-Type": "application/x-ndjson" } })).text();
            await new Promise((done) => setTimeout(done, 100));
        }
        return 30 * 300;
    }, { id: person.id, name: person.name, procedure: 1 });
    assert.equal(asked, 9000);
    await page.waitForFunction(() => /mismatch|không khớp [1-9]/.test(document.querySelector("#charts").innerText));
    const after = await drawn();
    assert.ok(after.every((points, k) => points.length > before[k].length));
    assert.match(await page.locator("#operator-state").innerText(), /sẵn sàng/);
    assert.match(await page.locator("#figures").innerText(), /1\.000/);
    assert.match(await page.locator("#charts svg[role=img]").first().getAttribute("aria-label"), /Câu hỏi mỗi giây: hiện [1-9]/);
    await keep(watched, "operator");
    await page.click("#language");
    assert.match(await page.locator("#operator-state").innerText(), /ready/);
    await keep(watched, "operator-en");
    // It looks no more when it is not looked at.
    await page.click("nav a[href='#officer']");
    await page.waitForTimeout(1200);
    let looks = 0;
    page.on("request", () => ++looks);
    await page.waitForTimeout(2200);
    assert.equal(looks, 0);
    await watched.context.close();
}

async function keyboard({ open, keep, person }) {
    const watched = await open();
    const { page } = watched;
    const press = async (...keys) => {
        for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
    await press("Tab");
    assert.equal(await focused(), "Đến nội dung");
    await keep(watched, "keyboard-skip");
    await press("Enter");
    assert.equal(await focused(), "main");
    await press("Tab", "Tab");
    assert.equal(await focused(), "field-id");
    await page.keyboard.type(person.id);
    await press("Tab");
    await page.keyboard.type(person.name);
    await press("Tab", "Tab");
    assert.equal(await focused(), "field-birth_date");
    await page.keyboard.type(written(person.birth));
    for (let k = 0; k < 10 && (await focused()) !== "field-procedure"; ++k) await press("Tab");
    await page.keyboard.type("1");
    await press("Enter");
    await page.waitForSelector("#answer h2");
    await page.waitForFunction(() => document.activeElement.matches("#answer h2"));
    assert.match(await focused(), /^Khớp/);
    await keep(watched, "keyboard-answer");
    // To the lists, to a file chosen by keyboard.
    await page.locator("nav a[href='#list']").focus();
    await press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "list-title");
    await press("Tab");
    assert.equal(await focused(), "file");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("Space")]);
    await chooser.setFiles({ name: "k.csv", mimeType: "text/csv", buffer: Buffer.from(`id,name,procedure\n${person.id},${person.name},1\n`) });
    await page.waitForSelector("#list-start");
    await press("Tab");
    for (let k = 0; k < 5 && (await focused()) !== "list-start"; ++k) await press("Tab");
    await press("Enter");
    await page.waitForSelector("#list-result a");
    await watched.context.close();
}

async function small({ open, keep, person }) {
    for (const colorScheme of ["light", "dark"]) {
        const watched = await open({ viewport: { width: 360, height: 740 }, colorScheme, hasTouch: true, isMobile: true });
        const { page } = watched;
        for (const name of ["officer", "list", "citizen", "operator"]) {
            await page.goto(`${page.url().split("#")[0]}#${name}`);
            await page.waitForSelector(`#page-${name}:not([hidden])`);
            if (name === "operator") await page.waitForSelector("#totals table");
            if (name === "officer") {
                await fill(page, person);
                assert.match(await ask(page), /Khớp/);
            }
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= 360, `${name} is ${width} wide`);
            await keep(watched, `small-${colorScheme}-${name}`);
        }
        await watched.context.close();
    }
    const wide = await open({ viewport: { width: 1180, height: 900 }, colorScheme: "dark" });
    await fill(wide.page, person);
    await ask(wide.page);
    await keep(wide, "dark-officer");
    await wide.context.close();
}

async function citizen({ open, keep, person, folder }) {
    const prove = () => execFileSync(`${folder}/prove`, { encoding: "utf8" }).trim();
    const watched = await open({ viewport: { width: 1180, height: 900 } });
    const { page } = watched;
    const show = async (id, proof) => {
        await page.fill("#my-id", id);
        await page.fill("#my-proof", proof);
        const before = await page.locator("#accesses").innerHTML();
        await page.click("#mine button");
        await page.waitForFunction((old) => document.querySelector("#accesses").innerHTML !== old, before);
        return page.locator("#accesses").innerText();
    };
    await page.click("nav a[href='#citizen']");
    await keep(watched, "citizen");
    await page.fill("#my-id", "12");
    await page.fill("#my-proof", "{}");
    await page.click("#mine button");
    assert.equal(await page.evaluate(() => document.activeElement.id), "my-id");
    assert.match(await page.locator("#my-proof-says").innerText(), /không phải chữ ký/);
    await keep(watched, "citizen-wrong");

    const proof = prove();
    const said = await show(person.id, proof);
    assert.match(said, /^\d+ lần|^[\d.]+ lần mới nhất/);
    assert.match(said, /\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d\s+Cơ quan số 13 hỏi theo thủ tục số 1: họ và tên, ngày sinh\./);
    assert.match(said, /Câu trả lời: Ngày sinh không khớp\./);
    // Of what was asked only the names are told, and the proof does not stay.
    assert.ok(!said.includes(person.name) && !said.includes("1903"));
    assert.equal(await page.inputValue("#my-proof"), "");
    await page.evaluate(() => [...document.querySelectorAll("#accesses li")].slice(6).forEach((each) => each.remove()));
    await keep(watched, "citizen-list");
    await page.click("#language");
    assert.match(await page.locator("#accesses").innerText(), /Agency 13 asked by procedure 1: full name, birth date\./);
    await page.click("#language");

    watched.expect("status of 403");
    assert.match(await show(person.id, proof), /đã được dùng/);
    await keep(watched, "citizen-repeated");
    watched.expect("status of 403");
    assert.match(await show("001199999999", prove()), /không phải của tài khoản/);
    await watched.context.close();
}

export const flows = { officer, faults, citizen, card, list, longList, operator, keyboard, small };
