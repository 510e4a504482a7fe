// Filters work as one types: the address follows, so that it can be shared; the newest answer counts.
import { all, dressed, one, say } from "./document.js";
import { ask, parsed, place } from "./fragments.js";

const form = one("#filters");
let running;
// What the tiles shown were asked with.
let shown = "";
// Pages of tiles that are shown.
let pages = 1;

function wish() {
  const wish = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) wish.append(name, value);
  return wish;
}

export async function show({ keep = false } = {}) {
  if (!form) return;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const params = wish();
  shown = params.toString();
  if (!keep) {
    pages = 1;
    history.replaceState(null, "", params.size ? `?${params}` : location.pathname);
  }
  const asked = new URLSearchParams(params);
  if (pages > 1) asked.set("per_page", Math.min(200, 60 * pages));
  try {
    const html = await ask(`${form.dataset.fragments}?${asked}`, { signal });
    if (html !== null) place(html, ["count", "clear", "choices", "results"]);
    pressed(params.get("registry"));
  } catch (error) {
    if (!["AbortError", "SignedOut"].includes(error.name)) say("The server does not answer; what you see may be old.");
  }
}

function pressed(registry) {
  for (const link of all("a.registry-filter")) {
    const on = link.dataset.registry === registry;
    if (on) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.closest(".registry-card").toggleAttribute("data-chosen", on);
  }
}

// Sets what no field shows; a second time takes it back.
function toggle(name, value) {
  let field = form.elements.namedItem(name);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(field);
  }
  field.value = field.value === value ? "" : value;
}

async function more(link) {
  const { href } = link;
  link.setAttribute("aria-busy", "true");
  const query = new URL(href).search;
  const html = await ask(`${form.dataset.fragments}${query}`);
  if (html === null) return;
  const fresh = parsed(html);
  const tiles = all(".tile", fresh).filter((tile) => !document.getElementById(tile.id));
  one("#tiles").append(...tiles);
  for (const tile of tiles) dressed(tile);
  one("#more").replaceWith(one("#more", fresh));
  one("#more [rel=prev]")?.remove();
  pages += 1;
  one(".tile-open", tiles[0] ?? document.body)?.focus({ preventScroll: true });
  say(`${tiles.length} more shown`);
}

if (form) {
  // Some browsers, and what fills forms in, tell a choice by `change` alone; most tell it by both.
  shown = wish().toString();
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { if (wish().toString() !== shown) show(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const filter = event.target.closest("a.registry-filter"), clear = event.target.closest("[data-clear]"), next = event.target.closest("[data-more]"), unfit = event.target.closest("[data-unfit]");
    if (filter) { event.preventDefault(); toggle("registry", filter.dataset.registry); show(); }
    else if (unfit) { event.preventDefault(); toggle("unfit", "show"); show(); }
    else if (clear) {
      event.preventDefault();
      for (const field of form.elements) if (field.name) field.value = "";
      one("#search").focus();
      show();
    } else if (next) { event.preventDefault(); more(next).catch((error) => { if (error.name !== "SignedOut") location.assign(next.href); }); }
  });
}
