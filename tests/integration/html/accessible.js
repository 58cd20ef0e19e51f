// What a page must have for those who use it by keys or by ear, and for those who see little contrast.
// Gives what is wrong, a line each.
const wrong = [];
const seen = (element) => element.checkVisibility({ visibilityProperty: true });
const nameOf = (element) =>
  (element.getAttribute("aria-label") ?? "") ||
  [...(element.labels ?? [])].map((label) => label.textContent).join(" ").trim() ||
  element.textContent.trim();

for (const control of document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")) {
  if (seen(control) && !nameOf(control) && !control.getAttribute("aria-labelledby")) wrong.push(`no name: ${control.outerHTML}`);
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) wrong.push(`h${own} below h${level}: ${heading.textContent}`);
  level = own;
}
if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
if (!document.documentElement.lang) wrong.push("no language");
if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
if (new Set(ids).size !== ids.length) wrong.push("an id stands twice");
for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
  for (const name of ["aria-labelledby", "aria-describedby"]) {
    const id = element.getAttribute(name);
    if (id && !document.getElementById(id)) wrong.push(`${name} leads nowhere: ${id}`);
  }
}
for (const picture of document.querySelectorAll("svg")) {
  if (picture.getAttribute("aria-hidden") !== "true" && !picture.getAttribute("aria-label")) wrong.push("a picture without words");
}

// Contrast as the Web Content Accessibility Guidelines count it.
const colour = (text) => {
  const parts = text.match(/[\d.]+/g).map(Number);
  return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
};
const light = ({ rgb }) => {
  const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const own = colour(getComputedStyle(at).backgroundColor);
    if (own.alpha > 0) return own;
  }
  return { rgb: [255, 255, 255], alpha: 1 };
};
let pairs = 0;
for (const element of document.querySelectorAll("body *")) {
  const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!says || !seen(element) || element.tagName === "SCRIPT") continue;
  const [front, back] = [light(colour(getComputedStyle(element).color)), light(ground(element))];
  const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  pairs += 1;
  if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
}
if (pairs < 20) wrong.push(`only ${pairs} texts are seen`);
return wrong;
