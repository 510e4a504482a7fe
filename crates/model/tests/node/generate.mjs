// Writes the tables that the tests compare this crate with: what JavaScript itself reads, prints and sorts.
// Run with `node generate.mjs` in this folder; the output is committed and the tests need no Node.
import { writeFileSync } from "node:fs";

// A fixed generator: two runs give the same tables.
let state = 20260101;
function random(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * limit);
}
const pick = (items) => items[random(items.length)];

// The text of a case is what a file would hold; `out` is null where JSON.parse refuses it.
function verdict(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return null;
  }
}
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
const write = (file, rows) =>
  writeFileSync(file, "[\n" + rows.map((row) => ascii(JSON.stringify(row))).join(",\n") + "\n]\n");
// Everything beyond ASCII escaped, so that no editor changes it.
const ascii = (text) =>
  text.replace(/[\u007f-\uffff]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));

const texts = [
  // Values and white space
  "null", "true", "false", "0", "1", '""', "[]", "{}", " 1 ", "\t1\r\n", "[ ]", "{ }", "[[]]", '{"a":{}}', "[1,2]", "[ 1 , 2 ]",
  "", " ", "\n", "\u00a01", "1\u00a0", "\u20281", "\v1", "\f1", "\u0000", "1\u0000", "\ufeff\ufeff1",
  "nul", "nulll", "NULL", "True", "undefined", "NaN", "Infinity", "-Infinity", "tru", "false1", "truefalse",
  // Numbers
  "-0", "-1", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.0", "1.50", "1e5", "1E5", "1e+5", "1e-5", "1e", "1e+", "1e5.5", "1.e5",
  "0.1", "0e0", "0E-5", "0x10", "1_000", "1,000", "12a", "1 2", "--1", "1-2", "1e400", "-1e400", "1e-400", "-1e-400", "[1e400]",
  "123456789012345678901234567890", "9007199254740993", "0.30000000000000004", "2.2250738585072011e-308", "5e-324", "1.7976931348623157e308",
  "1.7976931348623159e308", "1e21", "1e20", "123456789012345680000", "1e-6", "1e-7", "0.000001", "0.0000001", "4.35", "100", "1000000000000000128",
  "1" + "0".repeat(400), "0." + "0".repeat(400) + "1", "1" + "0".repeat(30) + "e-30",
  // Strings
  '"a"', '"', '"a', "'a'", '"\\"', '"\\""', '"\\\\"', '"\\/"', '"/"', '"\\b\\f\\n\\r\\t"', '"\\a"', '"\\x41"', '"\\u0041"', '"\\u00"', '"\\u00g0"',
  '"\\U0041"', '"\\u 041"', '"\\u+041"', '"\t"', '"\n"', '"\r"', '"\u0000"', '"\u001f"', '"\u007f"', '"\u0080"', '"\u2028\u2029"', '"\ufeff"', '"\uffff"',
  '"\\u0000\\u0001\\u000b\\u001f\\u007f\\u2028"', '"\u00e9"', '"\ud83d\ude00"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"',
  '"\\udc00\\ud800"', '"\\ud83d\\ud83d\\ude00"', '"\\ud800x\\udc00"', '"\\uD83Dx"', '"x\\udfffx"', '"\\ud800\\n\\udc00"', '"\\ud800\u00e9"', '"\\\n"', '"\\',
  // Objects
  '{"a":1}', '{ "a" : 1 , "b" : 2 }', "{a:1}", "{'a':1}", '{"a"}', '{"a":}', '{"a" 1}', '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a":1 "b":2}', '{1:2}',
  '{"a":1', '{"a":', '{"a"', "{", '{"a":1]', '{"a":[1}', "}", '{"":1}', '{"\\u0061":1,"a":2}', '{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"a":1,"b":2,"a":{"c":1,"c":2}}',
  '{"b":1,"a":2}', '{"2":1,"1":2,"a":3,"0":4}', '{"a":1,"10":2,"9":3}', '{"01":1,"1":2,"-1":3,"1.5":4,"1e1":5,"+1":6}',
  '{"x":0,"4294967295":1,"4294967294":2,"4294967296":3,"2147483648":4,"0":5}', '{"1":1,"1":2,"0":3}', '{"x":1,"5":2,"x":3,"5":4,"y":5}',
  '{"__proto__":1}', '{"a":1,"__proto__":{"x":1},"constructor":2,"toString":3}', '{"__proto__":null,"__proto__":[1]}', '{"\\ud800":1,"\\ud800":2,"\\udfff":3}',
  '{"a\\"b\\\\c\\n":1}', '{"99999999999":1,"18446744073709551616":2,"1":3}', '{" 1":1,"1 ":2,"1":3}', '{"\u0661":1,"1":2}',
  // Arrays
  "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1", "[", "]", "[1}", "[1]]", "[[1]", "[1],", "[null,true,false]", "[[[[[[[[[[]]]]]]]]]]", '[{"a":[{"b":[]}]}]',
  // Around the document
  "1 2", "{} {}", "[] x", "/* a */ 1", "1 // a", "# 1", "[1] ,", '{"a":1};', '"a" "b"', "null,", '{"a": 1} <!-- -->', "<html></html>", "docker pull x",
];
// Each byte below a space, raw and escaped, in a string.
for (let code = 0; code < 0x20; code++) {
  texts.push(`"${String.fromCharCode(code)}"`, `"\\u${code.toString(16).padStart(4, "0")}"`);
}
// A real document, cut and changed at random: most are refused, and both sides must say the same of each.
const whole = `{
  "friendly_name": "Paint \\u2014 \u00e9", "cores": 0.25, "memory": 2e3, "notes": null,
\t"architecture": ["amd64", "arm64"], "enabled": true, "10": -0, "2": [1.50, 1E-7, {}],
  "run_config": {"user": 1000, "environment": {"A": "b\\\\c"}}, "cores": 2.0
}`;
const insertions = ["", "", '"', ",", ":", "{", "}", "[", "]", "\\", "0", "1", "-", ".", "e", "E", "+", "a", "\t", "\n", " ", "u", "\\ud83d", "null", "//", "'"];
for (let count = 0; count < 700; count++) {
  let text = whole;
  if (random(8) === 0) text = text.slice(0, random(text.length));
  for (let change = 0; change <= random(2); change++) {
    const at = random(text.length + 1);
    text = text.slice(0, at) + pick(insertions) + text.slice(at + random(3));
  }
  texts.push(text);
}
const unique = [...new Set(texts)];
write("texts.json", unique.map((text) => ({ text, out: verdict(text) })));
const pretty = unique.filter((text) => verdict(text)?.length > 8).slice(0, 60);
write("pretty.json", pretty.map((text) => ({ text, out: indented(text) })));

// Numbers: every way to write one, and doubles of every size.
const numbers = new Set();
const bits = new DataView(new ArrayBuffer(8));
for (let count = 0; count < 1500; count++) {
  bits.setUint32(0, random(4294967296));
  bits.setUint32(4, random(4294967296));
  const value = bits.getFloat64(0);
  if (Number.isFinite(value)) numbers.add(pick([String(value), value.toExponential(), value.toPrecision(21), value.toPrecision(5)]));
}
for (let count = 0; count < 700; count++) {
  const digits = (length) => Array.from({ length }, () => random(10)).join("");
  numbers.add((random(2) ? "-" : "") + (random(3) ? 1 + random(9) + digits(random(24)) : "0") +
    (random(2) ? "." + digits(1 + random(24)) : "") + (random(2) ? pick(["e", "E"]) + pick(["", "+", "-"]) + digits(1 + random(2)) : ""));
}
for (let power = -330; power <= 310; power += 3) numbers.add(`1e${power}`).add(`123456789e${power}`);
for (let power = 0; power < 70; power++) numbers.add(String(2 ** power)).add(String(2 ** power - 1)).add(`${2 ** -power}`);
write("numbers.json", [...numbers].map((text) => [text, verdict(text)]));

// Names in the order of localeCompare, equal ones by their bytes in UTF-8.
const names = [
  "a", "A", "b", "B", "aa", "aA", "Aa", "AA", "ab", "a b", "a-b", "a_b", "a.b", "a/b", "a,b", "a'b", "a b c", "ab c", "a  b", " a", "-a", "_a", ".a", "a1", "a2", "a10", "a02", "1", "10", "2", "02",
  "Chromium", "chromium", "Chrome", "chrome", "CHROME", "\u00c9clipse", "Eclipse", "eclipse", "e\u0301clipse", "\u00e9clipse", "\u00fcber", "uber", "Uber", "zebra", "\u00e4", "\u00c4", "ae", "\u00e6", "\u00c6",
  "\u00f8", "o", "\u00df", "ss", "SS", "\u0130", "\u0131", "i", "I", "\u00f1", "n", "\u0142", "l", "\u0111", "d", "\u0416", "\u0436", "\u0410", "\u0430", "\u03b1", "\u03a9", "\u05d0", "\u0627", "\u4e2d", "\u6587", "\u65e5\u672c", "\uac00",
  "\u30a2", "\u3042", "\uff21", "\uff41", "\u2160", "\ud83d\ude00", "\ud83d\udc4d", "!", "\"", "#", "$", "%", "&", "(", ")", "*", "+", ",", ";", "<", "=", ">", "?", "@", "[", "\\", "]", "^", "`", "{", "|", "}", "~", "\u20ac",
  "workspaces/A/workspace.json", "workspaces/A B/workspace.json", "workspaces/A-B/workspace.json", "workspaces/AB/workspace.json", "workspaces/a/workspace.json", "workspaces/B/workspace.json",
  "workspaces/A/b/workspace.json", "workspaces/Vs Code/workspace.json", "workspaces/VsCode/workspace.json", "workspaces/vs-code/workspace.json", "", "\u200ba", "a\u00ad", "a\u0000", "co\u00f6p", "coop", "co-op", "\u01c4", "\ufb01", "fi",
];
const shuffled = [...new Set(names)].map((name) => [random(1e9), name]).sort((left, right) => left[0] - right[0]).map(([, name]) => name);
shuffled.sort((left, right) => left.localeCompare(right, "en") || Buffer.compare(Buffer.from(left), Buffer.from(right)));
write("names.json", shuffled);
