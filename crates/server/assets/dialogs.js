// Pages that are a dialog are shown over the page one is on. Their forms are sent from there; a page that comes back
// with mistakes takes the dialog's place, with what was typed.
import { all, dressed, one, prose, say } from "./document.js";
import { ask } from "./fragments.js";
import { changed, send } from "./forms.js";

const from = (html) => one("dialog[data-modal]", new DOMParser().parseFromString(html, "text/html"));

export async function open(address) {
  const html = await ask(address);
  const dialog = html && from(html);
  if (!dialog) { location.assign(address); return; }
  show(dialog, document.activeElement);
}

function show(dialog, opener) {
  for (const other of all("dialog:modal")) other.remove();
  for (const open of all(":popover-open")) open.hidePopover();
  const modal = document.importNode(dialog, true);
  modal.removeAttribute("open");
  modal.addEventListener("close", () => {
    modal.remove();
    if (opener?.isConnected && !opener.closest("[inert]")) opener.focus({ preventScroll: true });
  });
  document.body.append(modal);
  dressed(modal);
  modal.showModal();
  modal.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-dialog]");
  if (link) {
    event.preventDefault();
    const opener = link.closest(".menu") ? one(`[popovertarget="${CSS.escape(link.closest(".menu").id)}"]`) : link;
    opener?.focus({ preventScroll: true });
    open(link.href).catch((error) => { if (error.name !== "SignedOut") location.assign(link.href); });
    return;
  }
  const closer = event.target.closest("[data-close]");
  const modal = closer?.closest("dialog:modal");
  if (modal) { event.preventDefault(); modal.close(); }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const modal = form.closest("dialog:modal");
  if (!modal || !form.matches("[data-dialog-form]") || event.defaultPrevented) return;
  event.preventDefault();
  const answer = await send(form, event.submitter);
  if (answer.done) {
    modal.close();
    changed(form);
    return;
  }
  const page = new DOMParser().parseFromString(answer.html, "text/html");
  const again = one("dialog[data-modal]", page);
  if (again) {
    const fresh = document.importNode(again, true);
    modal.replaceChildren(...fresh.children);
    dressed(modal);
    one("[aria-invalid=true], [role=alert]", modal)?.scrollIntoView({ block: "center" });
    one("[aria-invalid=true]", modal)?.focus();
  } else if (answer.words) refuse(modal, answer.words);
});

function refuse(modal, words) {
  const body = one(".dialog-body, .dialog-split > *", modal);
  if (!body) { say(words); return; }
  one(":scope > .notice[role=alert]", body)?.remove();
  const notice = Object.assign(document.createElement("div"), { className: "notice notice-danger" });
  const strong = document.createElement("strong");
  strong.append(...prose(words));
  notice.setAttribute("role", "alert");
  notice.append(document.createElement("span"), strong);
  body.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}
