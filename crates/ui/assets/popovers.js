// Warnings open on rest and focus, too; a click or Enter opens them for good. Where the browser
// cannot hang a popover below its button, its place is computed.
import { one } from "./document.js";

const tipOf = (mark) => document.getElementById(mark.getAttribute("popovertarget"));
const markOf = (part) => part.closest?.(".finding-mark[popovertarget]");
let timer;
const later = (act, wait) => { clearTimeout(timer); timer = setTimeout(act, wait); };

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const mark = markOf(event.target);
  if (mark) later(() => { if (mark.isConnected) tipOf(mark)?.showPopover({ source: mark }); }, 250);
  else if (event.target.closest?.(".finding-tip")) clearTimeout(timer);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "mouse") return;
  const tip = markOf(event.target) ? tipOf(markOf(event.target)) : event.target.closest?.(".finding-tip");
  if (!tip || tip.contains(event.relatedTarget)) return;
  later(() => { if (tip.matches(":popover-open") && !tip.contains(document.activeElement)) tip.hidePopover(); }, 350);
});
document.addEventListener("focusin", (event) => {
  const mark = markOf(event.target);
  if (mark?.matches(":focus-visible")) tipOf(mark)?.showPopover({ source: mark });
});
document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.matches?.("[popover]") || event.newState !== "open") return;
  if (CSS.supports("position-area: block-end") || innerWidth < 680) return;
  const opener = one(`[popovertarget="${CSS.escape(box.id)}"]`);
  if (!opener) return;
  // Set through the object model: the policy of pages refuses style attributes, not this.
  const at = opener.getBoundingClientRect();
  box.style.top = `${at.bottom}px`;
  box.style.left = `${Math.max(12, Math.min(at.left, innerWidth - box.offsetWidth - 12))}px`;
}, true);
