// Tiles turn; one at a time. The hidden side is inert, focus follows the side that is shown.
import { all, dress, one } from "./document.js";

export function turn(tile, turned, focus = true) {
  if (turned) for (const other of all(".tile[data-turned]")) if (other !== tile) turn(other, false, false);
  tile.toggleAttribute("data-turned", turned);
  one(".tile-front", tile).inert = turned;
  one(".tile-back", tile).inert = !turned;
  const opener = one(".tile-open", tile);
  opener.setAttribute("aria-expanded", String(turned));
  if (turned) one(".tile-back", tile).scrollIntoView({ block: "nearest", behavior: "smooth" });
  if (!focus) return;
  const actions = one(".tile-actions", tile);
  const target = turned ? one(".button-primary", actions) ?? one(".button", actions) : opener;
  target.focus({ preventScroll: true });
}

dress((root) => {
  for (const opener of all(".tile-open", root)) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", String(opener.closest(".tile").hasAttribute("data-turned")));
  }
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tile = event.target.closest(".tile");
  if (!tile) return;
  if (event.target.closest(".tile-open")) { event.preventDefault(); turn(tile, true); }
  else if (event.target.closest(".tile-turn")) turn(tile, false);
});
document.addEventListener("keydown", (event) => {
  const opener = event.target.closest?.(".tile-open");
  if (event.key === " " && opener) { event.preventDefault(); opener.click(); }
  if (event.key !== "Escape" || one(":popover-open, dialog:modal")) return;
  const turned = one(".tile[data-turned]");
  if (turned) turn(turned, false);
});
