// What was found, as this page holds it: numbers in long columns, texts in one table. Objects for half a
// million findings would take a gigabyte; columns take a tenth of that.

const SEVERITIES = ["error", "warning", "fix", "info"];
const MARKS = ["✗", "!", "✓", "i"];
const WORDS = ["error", "to look at", "repaired", "note"];

// Texts of all findings; the numbers below lead into it. 0 is none where a text may be missing.
const texts = [""];
// For each finding: the columns, made when their length is known.
const found = {};
// Inputs and causes, as the file says them.
let index = { count: 0, inputs: [], causes: [] };
// The elements that hold the rows that findings are in, still packed.
const packedRows = [];

// Lets the browser draw and listen before the work goes on.
function pause() {
  if (globalThis.scheduler?.yield) return scheduler.yield();
  return new Promise((go) => setTimeout(go));
}

// The value that an element holds, packed.
async function unpack(element) {
  const letters = atob(element.textContent);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(plain).json();
}

function makeColumns(count) {
  for (const name of ["row", "line", "code", "field", "value", "message", "help", "after", "block", "person"]) {
    found[name] = new Uint32Array(count);
  }
  for (const name of ["cause", "input", "column"]) found[name] = new Uint16Array(count);
  for (const name of ["severity", "known", "applied"]) found[name] = new Uint8Array(count);
}

// Adds a block behind the findings that are there, and gives their number.
function addBlock(block, number, from) {
  const base = texts.length;
  for (const text of block.texts) texts.push(text);
  let row = 0;
  let line = 0;
  const count = block.row.length;
  for (let at = 0; at < count; at++) {
    const to = from + at;
    row += block.row[at];
    line += block.line[at];
    found.row[to] = row;
    found.line[to] = line;
    found.block[to] = number;
    for (const name of ["cause", "severity", "known", "input", "column", "applied", "person"]) {
      found[name][to] = block[name][at];
    }
    for (const name of ["code", "value", "message"]) found[name][to] = base + block[name][at];
    for (const name of ["field", "help", "after"]) {
      found[name][to] = block[name][at] && base + block[name][at] - 1;
    }
  }
  return from + count;
}

// Unpacks everything; says from time to time which share is done.
async function load(tell) {
  index = await unpack(document.querySelector("script.index"));
  makeColumns(index.count);
  const places = new Map(index.causes.map((cause, place) => [cause.number, place]));
  packedRows.push(...document.querySelectorAll("script.rows"));
  let count = 0;
  let number = 0;
  let last = performance.now();
  for (const element of document.querySelectorAll("script.findings")) {
    const from = count;
    count = addBlock(await unpack(element), number, count);
    for (let at = from; at < count; at++) found.cause[at] = places.get(found.cause[at]) ?? 0;
    element.remove();
    number += 1;
    if (performance.now() - last > 50) {
      tell(count / index.count);
      await pause();
      last = performance.now();
    }
  }
}

// The cells of the row that a finding is in; the last blocks asked for stay unpacked.
const unpackedRows = new Map();
async function rowOf(at) {
  if (found.person[at] === 0) return [];
  const block = found.block[at];
  if (!unpackedRows.has(block)) {
    if (unpackedRows.size === 8) unpackedRows.delete(unpackedRows.keys().next().value);
    unpackedRows.set(block, unpack(packedRows[block]));
  }
  return (await unpackedRows.get(block))[found.person[at] - 1];
}

// The column that a finding is about, if it is about one.
function columnOf(at) {
  return found.column[at] ? index.inputs[found.input[at]]?.columns[found.column[at] - 1] : undefined;
}

// The letters over a column, counted from 1, for one beyond the header.
function lettersOf(number) {
  if (number === 0) return "";
  return lettersOf(Math.floor((number - 1) / 26)) + String.fromCharCode(65 + ((number - 1) % 26));
}

// Where a finding is, as a spreadsheet says it.
function placeOf(at) {
  if (found.column[at]) return `${lettersOf(found.column[at])}${found.row[at]}`;
  return found.row[at] ? `row ${found.row[at]}` : "file";
}

