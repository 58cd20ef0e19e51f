// The list of findings: one page of it is in the document. Every text of the file comes in as a text node.

const SHOWN = 300;
const numbers = new Intl.NumberFormat("en");

function byId(id) {
  return document.getElementById(id);
}

// An element with attributes of ours, and with children that are elements or texts.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A value as it stands in a cell; a long one is cut here and whole where the row is shown.
function valueOf(text, tag) {
  if (text === "") return make("span", { class: "soft" }, "(blank)");
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return make(tag, { class: "value", dir: "auto" }, short);
}

// What takes the place of a value, or might.
function changeOf(at) {
  const after = texts[found.after[at]];
  const lead = found.applied[at] ? "is now" : "perhaps";
  return make("p", { class: "after" }, `${lead} `, valueOf(after, "ins"));
}

function placeCell(at) {
  const cell = make("th", { scope: "row", role: "rowheader", class: "place" });
  cell.append(make("strong", {}, placeOf(at)));
  const column = columnOf(at);
  if (column) cell.append(make("p", {}, column.header || "(no header)"));
  const field = texts[found.field[at]];
  if (field) cell.append(make("p", { class: "soft" }, `→ ${field}`));
  if (index.inputs.length > 1) cell.append(make("p", { class: "soft" }, index.inputs[found.input[at]]?.name ?? ""));
  if (found.line[at] && found.line[at] !== found.row[at]) {
    cell.append(make("p", { class: "soft" }, `line ${found.line[at]}`));
  }
  return cell;
}

function whatCell(at) {
  const severity = found.severity[at];
  const tag = make("span", { class: `tag ${SEVERITIES[severity]}` });
  tag.append(make("span", { "aria-hidden": "true" }, MARKS[severity]), ` ${WORDS[severity]}`);
  const line = make("p", { class: "message" }, tag, " ", texts[found.message[at]]);
  if (found.known[at]) line.append(" ", make("span", { class: "tag" }, "known"));
  const cell = make("td", { role: "gridcell", class: "what" }, line);
  const help = texts[found.help[at]];
  if (help) cell.append(make("p", { class: "help" }, help));
  const code = texts[found.code[at]];
  const link = make("a", { class: "why", href: `#code-${code}`, "aria-label": `What ${code} means` }, code);
  cell.append(make("p", { class: "code" }, link));
  return cell;
}

function valueCell(at) {
  const cell = make("td", { role: "gridcell" }, valueOf(texts[found.value[at]], found.applied[at] ? "del" : "code"));
  if (found.after[at]) cell.append(changeOf(at));
  return cell;
}

function rowCell(at) {
  const cell = make("td", { role: "gridcell", class: "open" });
  if (found.person[at]) {
    const name = `Show row ${found.row[at]}`;
    const button = make("button", { type: "button", "aria-expanded": "false", "aria-label": name }, "Show");
    button.addEventListener("click", () => toggle(at, button));
    cell.append(button);
  }
  return cell;
}

// One finding; `place` is its place in what is chosen.
function line(at, place) {
  const attributes = { role: "row", class: SEVERITIES[found.severity[at]], tabindex: "-1" };
  attributes["aria-rowindex"] = String(place + 2);
  return make("tr", attributes, placeCell(at), whatCell(at), valueCell(at), rowCell(at));
}

// Unfolds the row that a finding is in, or folds it.
async function toggle(at, button) {
  const own = button.closest("tr");
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  button.textContent = open ? "Show" : "Hide";
  button.setAttribute("aria-label", `${open ? "Show" : "Hide"} row ${found.row[at]}`);
  if (open) {
    own.nextElementSibling?.remove();
    return;
  }
  const cell = make("td", { colspan: "4", role: "gridcell" });
  const rowIndex = own.getAttribute("aria-rowindex");
  own.after(make("tr", { role: "row", class: "unfolded", "aria-rowindex": rowIndex }, cell));
  const cells = await rowOf(at);
  const columns = index.inputs[found.input[at]]?.columns ?? [];
  const list = make("dl", {});
  const width = Math.max(columns.length, cells.length);
  for (let number = 0; number < width; number++) {
    const column = columns[number];
    if (column?.ours) continue;
    const here = found.column[at] === number + 1;
    const name = column ? `${column.letter} ${column.header}` : `${lettersOf(number + 1)} (beyond the header)`;
    const value = here && texts[found.value[at]] ? texts[found.value[at]] : cells[number] ?? "";
    const shown = value ? make("code", { class: "value", dir: "auto" }, value) : make("span", { class: "soft" }, "(blank)");
    const pair = make("div", here ? { class: "here" } : {}, make("dt", {}, name), make("dd", {}, shown));
    if (here) pair.lastChild.append(make("span", { class: "tag" }, "this one"));
    list.append(pair);
  }
  cell.append(list);
}

// Puts the findings from one place to another into the document.
function draw(chosen, from, to) {
  const lines = [];
  for (let place = from; place < Math.min(to, chosen.length); place++) lines.push(line(chosen[place], place));
  if (lines.length === 0) {
    const cell = make("td", { colspan: "4", role: "gridcell", class: "soft" }, "No finding fits. “Show all” takes every filter away.");
    lines.push(make("tr", { role: "row" }, cell));
  } else {
    lines[0].tabIndex = 0;
  }
  byId("rows").replaceChildren(...lines);
  byId("list").setAttribute("aria-rowcount", String(chosen.length + 1));
}

