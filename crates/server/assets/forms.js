// Buttons of the form `act` and of dialogs send by fetch what they would send without script, so that the page stays.
import { all, one, say } from "./document.js";
import { turn } from "./tiles.js";
import { refresh, signedOut } from "./fragments.js";

// Sends `form` as `submitter` would. A redirect is success; any other page tells what went wrong.
export async function send(form, submitter) {
  if (form.dataset.sending) return { done: false, html: "", words: "Still under way" };
  form.dataset.sending = "";
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  try {
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", headers: { accept: "text/html" } });
    if (answer.type === "opaqueredirect" || answer.status === 204) return { done: true };
    const html = await answer.text();
    if (answer.status === 401) { signedOut(); return { done: false, html: "", words: "" }; }
    return { done: false, html, words: problem(html) };
  } catch {
    return { done: false, html: "", words: "The server does not answer; try again." };
  } finally {
    delete form.dataset.sending;
  }
}

function problem(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = all("[data-problem] p, .page-notice strong, .page-notice span", page).map((part) => part.textContent.trim());
  return parts.join(" ") || "That did not work; reload the page.";
}

// After a change: asks anew for what it changed. Events of the server tell the rest.
export function changed(form, address = form.getAttribute("action") ?? "") {
  const listing = form.dataset.listing;
  if (listing && document.getElementById(`tile-${listing}`)) {
    const tile = document.getElementById(`tile-${listing}`);
    if (tile.hasAttribute("data-turned")) turn(tile, false);
    refresh(`/fragments/tile/${listing}`, tile.id).catch(() => {});
  }
  if (document.getElementById("space")) refresh("/fragments/space", "space").catch(() => {});
  document.dispatchEvent(new CustomEvent("changed", { detail: { address, listing } }));
}

const told = { install: "Installation started", retry: "Trying again", refresh: "Being updated" };

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (form.id !== "act" || !button || event.defaultPrevented) return;
  const address = button.getAttribute("formaction");
  // Adding a registry leads to its workspaces.
  if (address === "/registries") return;
  event.preventDefault();
  one(":popover-open")?.hidePopover();
  const tile = button.closest(".tile");
  button.setAttribute("aria-busy", "true");
  const answer = await send(form, button);
  button.removeAttribute("aria-busy");
  if (!answer.done) { if (answer.words) say(answer.words); return; }
  const word = told[address.split("/").at(-1)];
  if (word) say(tile ? `${one(".tile-open", tile).textContent}: ${word}` : word);
  if (tile) form.dataset.listing = tile.dataset.listing;
  else delete form.dataset.listing;
  changed(form, address);
});
