// What every module needs of the document.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Modules that dress up a part of the page do so at the start and again for parts that came later.
const dressers = [];
export function dress(dresser) {
  dressers.push(dresser);
  dresser(document);
}
export function dressed(root) {
  for (const dresser of dressers) dresser(root);
  return root;
}

const live = one("#live");
let quiet;
// Tells something that happened, to the eye and to screen readers; what is outside a modal dialog is not heard.
export function say(text) {
  if (!live) return;
  const host = one("dialog:modal") ?? document.body;
  if (live.parentElement !== host) host.append(live);
  live.textContent = text.replaceAll("`", "");
  clearTimeout(quiet);
  quiet = setTimeout(() => { live.textContent = ""; }, 5000);
}

// A text with literals between backticks as nodes for a page; `stops` makes a sentence of it, as the server's pages do.
export function prose(text, stops = false) {
  const nodes = text.split(/`([^`]+)`/).map((part, at) => (at % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part));
  if (/^\p{Ll}\p{L}*[,:;.]?(\s|$)/u.test(nodes[0])) nodes[0] = nodes[0][0].toUpperCase() + nodes[0].slice(1);
  if (stops && text && !/[.!?:…]$/.test(text)) nodes.push(".");
  return nodes;
}

// Controls that do nothing without script are hidden until it runs.
dress((root) => { for (const control of all(".needs-script", root)) control.hidden = false; });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act=copy]");
  if (!button) return;
  const text = one(`#${button.dataset.copyFrom}`)?.textContent ?? "";
  navigator.clipboard?.writeText(text).then(() => say("Copied"), () => say("The browser did not allow copying"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select") || one("dialog:modal")) return;
  const box = one("#search");
  if (box) { event.preventDefault(); box.focus(); }
});
