// Which findings are listed, and in which order. The work is done in slices, so that the page goes on
// answering, and is given up when something else is asked for.

const SLICE = 20000;
// Words that are looked for in one go, one bit each.
const WORDS_AT_ONCE = 30;

// The words of a search, each once.
function wordsOf(text) {
  return [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))];
}

// Which of the words a text has, as bits.
function bitsOf(text, words) {
  const small = text.toLowerCase();
  let bits = 0;
  for (let at = 0; at < words.length; at++) if (small.includes(words[at])) bits |= 1 << at;
  return bits;
}

// Which of the words are the place of a finding: "d57", or the number of its row or line.
function placeTest(words) {
  const cells = words.map((word) => /^([a-z]{1,3})?(\d{1,9})$/.exec(word));
  if (!cells.some(Boolean)) return () => 0;
  return (at) => {
    let bits = 0;
    for (let word = 0; word < cells.length; word++) {
      const cell = cells[word];
      if (!cell) continue;
      const number = Number(cell[2]);
      const fits = cell[1]
        ? found.row[at] === number && lettersOf(found.column[at]).toLowerCase() === cell[1]
        : found.row[at] === number || found.line[at] === number;
      if (fits) bits |= 1 << word;
    }
    return bits;
  };
}

// A test for findings that have all of these words; nothing when `alive` said no on the way.
async function wordTest(words, alive) {
  const all = 2 ** words.length - 1;
  const bits = new Uint32Array(texts.length);
  if (!(await inSlices(texts.length, alive, (at) => { bits[at] = bitsOf(texts[at], words); }))) return;
  const heads = index.inputs.map((input) =>
    [0, ...input.columns.map((column) => bitsOf(column.header, words))]);
  const placeBits = placeTest(words);
  return (at) => {
    let has = bits[found.value[at]] | bits[found.message[at]] | bits[found.help[at]];
    has |= bits[found.after[at]] | bits[found.code[at]] | bits[found.field[at]];
    if ((has & all) !== all) has |= heads[found.input[at]]?.[found.column[at]] | placeBits(at);
    return (has & all) === all;
  };
}

// Calls `each` for 0 to `count`, in slices; false when `alive` said no.
async function inSlices(count, alive, each) {
  for (let from = 0; from < count; from += SLICE) {
    const to = Math.min(from + SLICE, count);
    for (let at = from; at < to; at++) each(at);
    if (to < count) await pause();
    if (!alive()) return false;
  }
  return true;
}

// Puts findings in order by a small number that each has; those that have the same stay as they are.
function orderedBy(chosen, numberOf) {
  const heaps = [];
  for (const at of chosen) (heaps[numberOf(at)] ??= []).push(at);
  return Uint32Array.from(heaps.filter(Boolean).flat());
}

const ORDERS = {
  row: (chosen) => chosen,
  "row-down": (chosen) => chosen.slice().reverse(),
  severity: (chosen) => orderedBy(chosen, (at) => found.severity[at]),
  cause: (chosen) => orderedBy(chosen, (at) => found.cause[at]),
  column: (chosen) => orderedBy(chosen, (at) => found.column[at]),
};

// The findings that fit, in their order; nothing when `alive` said no on the way.
async function choose(view, alive) {
  const words = wordsOf(view.q);
  const tests = [];
  for (let from = 0; from < words.length; from += WORDS_AT_ONCE) {
    const test = await wordTest(words.slice(from, from + WORDS_AT_ONCE), alive);
    if (!test) return;
    tests.push(test);
  }
  const severities = SEVERITIES.map((word) => view.severity.includes(word));
  const cause = view.cause ? Number(view.cause) - 1 : -1;
  const input = view.input ? Number(view.input) - 1 : -1;
  const [columnInput, columnNumber] = columnNamed(view.column);
  const chosen = new Uint32Array(index.count);
  let count = 0;
  const whole = await inSlices(index.count, alive, (at) => {
    if (!severities[found.severity[at]]) return;
    if (cause >= 0 && found.cause[at] !== cause) return;
    if (input >= 0 && found.input[at] !== input) return;
    if (columnNumber >= 0 && found.column[at] !== columnNumber) return;
    if (columnInput >= 0 && found.input[at] !== columnInput) return;
    if (!tests.every((test) => test(at))) return;
    chosen[count++] = at;
  });
  return whole ? (ORDERS[view.order] ?? ORDERS.row)(chosen.slice(0, count)) : undefined;
}

// The input and the column that `1.D` names; -1 is any, column 0 is none.
function columnNamed(name) {
  if (name === "none") return [-1, 0];
  const [input, letter] = name.split(".");
  const number = Number(input) - 1;
  const column = index.inputs[number]?.columns.findIndex((one) => one.letter === letter) ?? -1;
  return column < 0 ? [-1, -1] : [number, column + 1];
}

