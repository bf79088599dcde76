// SPDX-License-Identifier: Apache-2.0
// The desk's modules by themselves: dates, the card's text, CSV, headings, metrics, words. Run by node --test.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readCard } from "../../src/service/desk/card.js";
import { delimiterOf, readRecords, writeCell } from "../../src/service/desk/csv.js";
import { isoDate, writtenDate } from "../../src/service/desk/dates.js";
import { fieldOf, plainHeading } from "../../src/service/desk/headings.js";
import { kindOf, outcomes, problems } from "../../src/service/desk/meanings.js";
import { countsOf, readMetrics } from "../../src/service/desk/metrics.js";
import { provinces } from "../../src/service/desk/provinces.js";
import { addedColumns, answeredLine, claimsOf, headingLine, planTable, questionOf, slices } from "../../src/service/desk/table.js";
import { words } from "../../src/service/desk/words.js";

const desk = fileURLToPath(new URL("../../src/service/desk/", import.meta.url));
const text = (name) => readFileSync(desk + name, "utf8");

test("dates as people write them become ISO, and what is no date is none", () => {
    const right = { "28/2/1990": "1990-02-28", "28-02-1990": "1990-02-28", " 28.2.1990 ": "1990-02-28", 28021990: "1990-02-28",
        "1990-02-28": "1990-02-28", "02/1990": "1990-02", "00/02/1990": "1990-02", "00/00/1990": "1990", 1990: "1990", "29/02/2000": "2000-02-29" };
    for (const [given, iso] of Object.entries(right)) assert.equal(isoDate(given), iso, given);
    for (const given of ["", "30/02/1990", "29/02/1900", "31/04/2001", "1/13/1990", "5/0/1990", "12/12/12", "hôm qua", "28/02/1990x", "0000", "1990-2-30"])
        assert.equal(isoDate(given), null, given);
    assert.equal(writtenDate("1990-02-28"), "28/02/1990");
    assert.equal(writtenDate("1990"), "1990");
});

test("a card's text gives what can be asked, and says what it did not use", () => {
    const card = readCard("001199000001|012345678|Nguyễn Thị Hòa|08031999|Nữ|Số 1, Hà Nội|02052021");
    assert.deepEqual(card.values, { id: "001199000001", name: "Nguyễn Thị Hòa", birth_date: "1999-03-08", sex: "female" });
    assert.deepEqual(card.unused, ["old_number", "address", "issued"]);
    assert.deepEqual(card.faults, []);
    const decomposed = readCard("\uFEFF001199000001||" + "Nguyễn".normalize("NFD") + "|08031999|nu|||||x\r\n");
    assert.equal(decomposed.values.name, "Nguyễn");
    assert.equal(decomposed.values.sex, "female");
    assert.deepEqual(decomposed.unused, ["further"]);
    const faulty = readCard("001199000001||Nguyễn|99999999|?|");
    assert.deepEqual(faulty.faults, ["birth_date", "sex"]);
    for (const none of ["", "001199000001", "a|b|c|d|e|f|g", "1|2|3", "00119900000|x|y|08031999|Nam||"]) assert.equal(readCard(none), null, none);
});

test("CSV is read as spreadsheets write it", () => {
    const read = (given, delimiter = ",") => [...readRecords(given, delimiter)];
    assert.deepEqual(read("a,b\r\n1, 2 \r\n\r\n3,").map((record) => record.cells), [["a", "b"], ["1", "2"], [], ["3", ""]]);
    const quoted = read('a,b\n"1, ""x""\ny",2\n3,4\n');
    assert.deepEqual(quoted.map((record) => record.cells), [["a", "b"], ['1, "x"\ny', "2"], ["3", "4"]]);
    assert.deepEqual(quoted.map((record) => record.line), [1, 2, 4]);
    assert.equal(quoted[1].raw, '"1, ""x""\ny",2');
    assert.deepEqual(read('\uFEFFid;name\n1;"a;b"', ";").map((record) => record.cells), [["id", "name"], ["1", "a;b"]]);
    assert.deepEqual(read('a\n"b\nc').map((record) => record.fault), [null, "quote"]);
    assert.deepEqual(read('a\nb"c"\n"d"e\n""\nf').map((record) => record.fault), [null, "quote", "quote", null, null]);
    assert.equal(delimiterOf('"a,b,c";d;e\n1,2,3,4,5'), ";");
    assert.equal(delimiterOf("a\tb"), "\t");
    assert.equal(delimiterOf("id"), ",");
    for (const cell of ["a", "a,b", 'a"b', " a", "a\nb", ""]) assert.deepEqual(read(`${writeCell(cell, ",")},x`)[0].cells, [cell.trim(), "x"].map((c, k) => (k === 0 && cell === " a" ? " a" : c)));
});

test("headings are known as import knows them", () => {
    assert.equal(plainHeading("  Họ, chữ đệm và tên "), "ho_chu_dem_va_ten");
    assert.equal(fieldOf("Số định danh cá nhân"), "id");
    assert.equal(fieldOf("HO_VA_TEN"), "name");
    assert.equal(fieldOf("Ngày sinh".normalize("NFD")), "birth_date");
    assert.equal(fieldOf("ghi chú"), null);
});

test("a list keeps its text and gets its columns, with faulty rows in their places", () => {
    const given = '\uFEFFSố CCCD;Họ và tên;outcome\r\n001;"Nguyễn; A";=1+1\r\n\r\n002;B\r\n003;C;"x\r\n';
    const plan = planTable(given);
    assert.equal(plan.delimiter, ";");
    assert.equal(plan.rows, 3);
    assert.equal(plan.fault, null);
    assert.deepEqual(plan.claims, ["name"]);
    assert.deepEqual(addedColumns(plan), ["outcome_2", "meaning", "checked_name"]);
    assert.equal(headingLine(given, plan), "\uFEFFSố CCCD;Họ và tên;outcome;outcome_2;meaning;checked_name\r\n");
    const records = [...slices(given, plan, 1000)].flat();
    const asked = records.map((record) => (record.cells.length === 0 ? null : questionOf(record, plan.columns, { procedure: 1 })));
    assert.deepEqual(JSON.parse(asked[0].line), { procedure: 1, id: "001", name: "Nguyễn; A" });
    assert.deepEqual(asked.slice(1), [null, { fault: "list_fault_cells" }, { fault: "list_fault_quote" }]);
    assert.equal(answeredLine(records[0], plan, 0, "a;b", { name: "true" }), '001;"Nguyễn; A";=1+1;0;"a;b";true\r\n');
    const wide = planTable("id,sex,name,ward\n1,nam,,2");
    assert.deepEqual(claimsOf({ matched: 1 << 3, mismatched: 1 << 10 }, { cells: ["1", "nam", "", "2"] }, wide), { sex: "true", ward: "false" });
    assert.deepEqual(claimsOf({ matched: 0, mismatched: 0 }, { cells: ["1", "nam", "A", ""] }, wide), { sex: "not_available", name: "not_available" });
    assert.equal([...slices("id\n1\n2\n3\n4\n5", planTable("id\n1"), 2)].length, 3);
    assert.equal(planTable("name\nx").fault.key, "list_no_id");
    assert.equal(planTable("id\n1").fault.key, "list_no_claim");
    assert.equal(planTable("id,cccd,name\n1,2,3").fault.key, "list_twice");
    assert.equal(planTable("id,birth_date,sinh_truoc_ngay\n1,2,3").fault.key, "list_both");
    assert.equal(planTable("id,name\n\n").fault.key, "list_empty");
    assert.equal(planTable("").fault.key, "list_no_id");
});

test("metrics are read with their labels", () => {
    const metrics = readMetrics('# HELP x\nxacthuc_ready 1\nxacthuc_verdicts_total{code="0",outcome="verified"} 5\nxacthuc_verdicts_total{code="102",outcome="x"} 3\nxacthuc_limits_met_total{limit="idle"} 2\n');
    assert.equal(metrics.value("ready"), 1);
    const counts = countsOf(metrics);
    assert.deepEqual([counts.verdicts, counts.verified, counts.not, counts.refused, counts.limits], [8, 5, 3, 0, 2]);
});

test("every word is in both languages, and every word that is used is there", () => {
    for (const [key, both] of Object.entries(words)) {
        assert.equal(both.length, 2, key);
        const places = both.map((each) => [...each.matchAll(/\{\w+\}/g)].map(String).sort().join());
        assert.ok(both.every((each) => each.length > 0) && places[0] === places[1], key);
    }
    for (const [code, both] of [...Object.entries(outcomes), ...Object.entries(problems)]) assert.ok(both.length === 2 && both.every((each) => each.endsWith(".")), code);
    for (const name of readdirSync(desk)) {
        const used = [...text(name).matchAll(/data-(?:word|label)="(\w+)"|word\("(\w+)"|(?:tell|hint|wrong)(?:\(|: )"(\w+)"/g)].map((match) => match[1] ?? match[2] ?? match[3]);
        for (const key of used) assert.ok(key in words, `${name}: ${key}`);
    }
    // The page before its code has run says the same in Vietnamese.
    for (const [, key, said] of text("index.html").matchAll(/data-word="(\w+)">([^<]*)</g)) assert.equal(said, words[key][0], key);
});

test("signs and provinces are of what there is", () => {
    assert.deepEqual([0, 102, 200, 240, 299, 305, 412, 902].map(kindOf), ["yes", "no", "no", "unsure", "unsure", "stop", "stop", "stop"]);
    const listed = readFileSync(new URL("../../data/provinces-2025.csv", import.meta.url), "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
    assert.deepEqual(Object.entries(provinces).sort(), listed.map(([code, name]) => [code, name]).sort());
});
