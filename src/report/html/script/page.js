// What a person does with the page: search, filter, turn pages, copy, print, and change the light.

// On paper there are at most so many findings; the paper says how many there are.
const ON_PAPER = 1000;
const START = { q: "", cause: "", column: "", input: "", severity: SEVERITIES, order: "row", page: 1, size: 50 };

let view = { ...START };
let chosen = new Uint32Array(0);
let asked = 0;

// The view that the address names, as far as there is such a view.
function fromAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  const severity = said.has("severity") ? said.get("severity").split(",") : SEVERITIES;
  const number = (name, other) => Math.max(1, Number.parseInt(said.get(name), 10) || other);
  const among = (name) => {
    const word = said.get(name) ?? START[name];
    return [...byId(name).options].some((option) => option.value === word) ? word : START[name];
  };
  return {
    q: said.get("q") ?? "",
    cause: among("cause"),
    column: among("column"),
    input: among("input"),
    severity: SEVERITIES.filter((word) => severity.includes(word)),
    order: among("order"),
    page: number("page", 1),
    size: [25, 50, 100, 250].includes(number("size", 50)) ? number("size", 50) : 50,
  };
}

// Writes the view into the address, without what goes without saying.
function toAddress() {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) {
    const word = String(value);
    if (word !== String(START[name])) said.set(name, word);
  }
  const hash = String(said);
  if (hash === location.hash.slice(1) || (!hash && location.hash.startsWith("#code-"))) return;
  history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
}

function toControls() {
  for (const name of ["q", "cause", "column", "input", "order"]) {
    if (byId(name).value !== view[name]) byId(name).value = view[name];
  }
  byId("size").value = String(view.size);
  for (const box of document.querySelectorAll("[name=severity]")) box.checked = view.severity.includes(box.value);
}

function fromControls() {
  const boxes = [...document.querySelectorAll("[name=severity]:checked")];
  view = { ...view, severity: boxes.map((box) => box.value), page: 1, size: Number(byId("size").value) };
  for (const name of ["q", "cause", "column", "input", "order"]) view[name] = byId(name).value;
}

function pages() {
  return Math.max(1, Math.ceil(chosen.length / view.size));
}

// Shows the page that the view names.
function show() {
  view.page = Math.min(view.page, pages());
  toAddress();
  const from = (view.page - 1) * view.size;
  draw(chosen, from, from + view.size);
  byId("page").value = String(view.page);
  byId("of").textContent = `of ${numbers.format(pages())}`;
  for (const id of ["first", "back"]) byId(id).disabled = view.page === 1;
  for (const id of ["on", "last"]) byId(id).disabled = view.page === pages();
}

// Chooses anew what is listed.
async function refresh() {
  const mine = ++asked;
  byId("list").setAttribute("aria-busy", "true");
  const now = await choose(view, () => mine === asked);
  if (!now) return;
  chosen = now;
  show();
  byId("list").removeAttribute("aria-busy");
  const all = `${numbers.format(index.count)} ${index.count === 1 ? "finding" : "findings"}`;
  byId("count").textContent = chosen.length === index.count ? `All ${all}` : `${numbers.format(chosen.length)} of ${all}`;
}

function turn(to) {
  view.page = Math.min(Math.max(1, to), pages());
  show();
}

// Moves the one line that the keyboard is on.
function stand(lines, at) {
  for (const other of lines) other.tabIndex = -1;
  const line = lines[Math.min(Math.max(0, at), lines.length - 1)];
  if (!line) return;
  line.tabIndex = 0;
  line.focus();
}

function lines() {
  return [...byId("rows").querySelectorAll("tr[tabindex]")];
}

function onListKey(event) {
  const all = lines();
  const at = all.indexOf(event.target);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const page = view.page;
  if (event.key === "ArrowDown" && at === all.length - 1 && page < pages()) {
    turn(page + 1);
    stand(lines(), 0);
  } else if (event.key === "ArrowUp" && at === 0 && page > 1) {
    turn(page - 1);
    stand(lines(), view.size);
  } else if (event.key === "ArrowDown") stand(all, at + 1);
  else if (event.key === "ArrowUp") stand(all, at - 1);
  else if (event.key === "Home") stand(all, 0);
  else if (event.key === "End") stand(all, all.length - 1);
  else if (event.key === "PageDown" || event.key === "PageUp") {
    turn(page + (event.key === "PageDown" ? 1 : -1));
    stand(lines(), 0);
  } else if (event.key === "Enter") event.target.querySelector("button")?.click();
  else return;
  event.preventDefault();
}

// Goes to the first finding at a row or, where that has none, behind it.
function goToRow() {
  const wanted = Number.parseInt(byId("row").value, 10);
  if (!(wanted > 0)) return;
  let best = -1;
  for (let place = 0; place < chosen.length; place++) {
    const row = found.row[chosen[place]];
    if (row >= wanted && (best < 0 || row < found.row[chosen[best]])) best = place;
  }
  if (best < 0) {
    byId("count").textContent = `No finding is listed at row ${wanted} or below it`;
    return;
  }
  turn(Math.floor(best / view.size) + 1);
  stand(lines(), best % view.size);
}

// The choices that depend on the file.
function fillControls() {
  const option = (value, text) => make("option", { value }, text);
  byId("cause").append(option("", "All causes"));
  index.causes.forEach((cause, place) => {
    const column = index.inputs[cause.input]?.columns[cause.column - 1];
    const where = column ? ` · ${column.letter} ${column.header}` : "";
    byId("cause").append(option(String(place + 1), `${MARKS[cause.severity]} ${cause.label}${where} (${numbers.format(cause.count)})`));
  });
  byId("column").append(option("", "All columns"));
  byId("input").append(option("", "All files"));
  const used = new Set();
  for (let at = 0; at < index.count; at++) used.add(found.column[at] ? `${found.input[at]}.${found.column[at]}` : "none");
  index.inputs.forEach((input, number) => {
    const file = index.inputs.length > 1 ? `${input.name}: ` : "";
    input.columns.forEach((column, place) => {
      if (!used.has(`${number}.${place + 1}`)) return;
      byId("column").append(option(`${number + 1}.${column.letter}`, `${file}${column.letter} ${column.header}`));
    });
    byId("input").append(option(String(number + 1), input.name));
  });
  if (used.has("none")) byId("column").append(option("none", "Whole rows and files"));
  byId("input-field").hidden = index.inputs.length < 2;
  for (const box of document.querySelectorAll("[name=severity]")) {
    const number = SEVERITIES.indexOf(box.value);
    const count = index.causes.reduce((sum, cause) => sum + (cause.severity === number ? cause.count : 0), 0);
    box.parentElement.append(` ${numbers.format(count)}`);
  }
}

// A button beside every command, which copies it.
function offerCopies() {
  for (const code of document.querySelectorAll("[data-copy]")) {
    const button = make("button", { type: "button", class: "copy", "aria-label": `Copy: ${code.textContent}` }, "Copy");
    button.addEventListener("click", async () => {
      button.textContent = (await copied(code)) ? "Copied" : "Selected: press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    code.after(button);
  }
}

// Copies what an element holds; where that is not allowed, it is selected at least.
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}

// Dark or light as the system has it, until somebody says otherwise.
function offerTheme() {
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = make("button", { type: "button" });
  const name = () => { button.textContent = dark() ? "Light page" : "Dark page"; };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
  byId("theme").append(button);
}

// What is folded on the screen is not to be missed on paper.
let unfolded = [];
function toPaper() {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const one of unfolded) one.open = true;
  const shown = Math.min(chosen.length, ON_PAPER);
  draw(chosen, 0, shown);
  const rest = chosen.length > shown ? ` Here are the first ${numbers.format(shown)}; the file holds them all.` : "";
  byId("paper").textContent = `${byId("count").textContent}.${rest}`;
}

function fromPaper() {
  for (const one of unfolded) one.open = false;
  show();
}

// Unfolds what the code means to which the address leads.
function unfoldCode() {
  const code = location.hash.startsWith("#code-") && byId(location.hash.slice(1));
  if (!code) return;
  code.open = true;
  code.querySelector("summary").focus();
}

function listen() {
  let soon = 0;
  byId("q").addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => { fromControls(); refresh(); }, 150);
  });
  byId("tools").addEventListener("change", (event) => {
    if (event.target.id === "q") return;
    fromControls();
    refresh();
  });
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("size").addEventListener("change", () => { fromControls(); refresh(); });
  byId("clear").addEventListener("click", () => {
    view = { ...START, size: view.size };
    toControls();
    refresh();
  });
  byId("first").addEventListener("click", () => turn(1));
  byId("back").addEventListener("click", () => turn(view.page - 1));
  byId("on").addEventListener("click", () => turn(view.page + 1));
  byId("last").addEventListener("click", () => turn(pages()));
  byId("page").addEventListener("change", () => turn(Number.parseInt(byId("page").value, 10) || view.page));
  byId("row").addEventListener("change", goToRow);
  byId("rows").addEventListener("keydown", onListKey);
  byId("rows").addEventListener("focusin", (event) => {
    const line = event.target.closest("tr[tabindex]");
    if (line) for (const other of lines()) other.tabIndex = other === line ? 0 : -1;
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      byId("q").focus();
      event.preventDefault();
    }
  });
  addEventListener("hashchange", () => {
    unfoldCode();
    if (!location.hash.includes("=")) return;
    view = fromAddress();
    toControls();
    byId("findings").focus();
    refresh();
  });
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", fromPaper);
}

async function begin() {
  offerTheme();
  offerCopies();
  const state = byId("state");
  // Where no file was read, there is no list.
  if (!state) {
    document.documentElement.dataset.ready = "yes";
    return;
  }
  if (typeof DecompressionStream === "undefined") {
    state.hidden = false;
    state.textContent = "This browser is too old to unpack the list of findings: use one of 2023 or later.";
    return;
  }
  state.hidden = false;
  state.textContent = "The findings are being unpacked …";
  try {
    await load((share) => { state.textContent = `The findings are being unpacked: ${Math.floor(share * 100)} %`; });
  } catch (error) {
    state.textContent = `The findings cannot be unpacked, so the file is not whole: make the report again. (${error})`;
    return;
  }
  fillControls();
  listen();
  view = fromAddress();
  toControls();
  byId("app").hidden = false;
  await refresh();
  state.hidden = true;
  unfoldCode();
  document.documentElement.dataset.ready = "yes";
}

begin();
