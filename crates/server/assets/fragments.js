// Parts of the page come from the server as HTML and take the place of the element with the same id.
import { all, dressed, one } from "./document.js";

export function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

// The answer's text; null when the thing is gone.
export async function ask(address, options = {}) {
  const answer = await fetch(address, { headers: { accept: "text/html" }, ...options });
  if (answer.status === 204 || answer.status === 404) return null;
  if (answer.status === 401 || answer.redirected) {
    signedOut();
    throw Object.assign(new Error(address), { name: "SignedOut" });
  }
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

const notice = one("#signed-out");
// Says so where one is looking, with the way back to here; what was typed stays.
export function signedOut() {
  if (!notice) { location.reload(); return; }
  one("a", notice).href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  one("#connection").hidden = true;
  (one("dialog:modal .dialog-body, dialog:modal .dialog-split > *") ?? one("#main")).prepend(notice);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

// What tells one control from its neighbours, to find it again in the part that takes its place.
const nameOf = (control) => control.id || control.getAttribute("aria-label") || control.getAttribute("href");

export function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const name = focused && nameOf(focused);
  keepState(old, fresh);
  old.replaceWith(fresh);
  dressed(fresh);
  if (!focused) return fresh;
  const again = all("a, button, input, select, textarea, [tabindex]", fresh).find((control) => nameOf(control) === name && !control.closest("[inert]"));
  (again ?? one(".tile-open, a, button", fresh))?.focus({ preventScroll: true });
  return fresh;
}

// A tile stays turned, an opened row stays open.
function keepState(old, fresh) {
  const turned = old.matches("[data-turned]") ? [old] : all(".tile[data-turned]", old);
  for (const tile of turned) {
    const same = fresh.id === tile.id ? fresh : one(`#${CSS.escape(tile.id)}`, fresh);
    if (!same) continue;
    same.toggleAttribute("data-turned", true);
    one(".tile-front", same).inert = true;
    one(".tile-back", same).inert = false;
  }
  for (const fold of all(".fold input", old)) {
    const same = all(".fold input", fresh).find((box) => box.getAttribute("aria-controls") === fold.getAttribute("aria-controls"));
    if (same && fold.checked !== fold.defaultChecked) same.checked = fold.checked;
  }
  for (const details of all("details[open]", old)) {
    const words = one("summary", details)?.textContent;
    const same = all("details", fresh).find((box) => one("summary", box)?.textContent === words);
    if (same) same.open = true;
  }
}

// Puts elements of `html` where the page has those of the same ids; without `ids`, all at its top.
export function place(html, ids) {
  const content = parsed(html);
  const parts = ids ? ids.map((id) => one(`#${id}`, content)).filter(Boolean) : [...content.children];
  for (const fresh of parts) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (!old) continue;
    if (old.id === "choices") choices(old, fresh);
    else replace(old, fresh);
  }
}

// Filters keep their focus and open list: only their options change.
function choices(old, fresh) {
  for (const select of all("select", old)) {
    const same = one(`#${CSS.escape(select.id)}`, fresh);
    if (!same || select.innerHTML === same.innerHTML) continue;
    const value = select.value;
    select.replaceChildren(...same.options);
    select.value = value;
  }
}

// Asks for a part and puts it in its place; an element whose thing is gone goes, too.
export async function refresh(address, id) {
  const old = document.getElementById(id);
  if (!old) return;
  const html = await ask(address);
  if (html === null) old.remove();
  else place(html);
}
