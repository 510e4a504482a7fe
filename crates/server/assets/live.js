// Keeps what the page shows as the server has it: small steps in place, the rest as fresh parts.
import { all, one, say } from "./document.js";
import { ask, refresh, replace, signedOut } from "./fragments.js";
import { listen } from "./events.js";
import { show } from "./filters.js";

// At most one request for a part at a time, and one more after it if something came meanwhile.
const asked = new Map();
function once(key, task, pause = 0) {
  const state = asked.get(key);
  if (state) { state.again = true; return; }
  const fresh = { again: false };
  asked.set(key, fresh);
  task().catch(() => {}).then(() => new Promise((go) => setTimeout(go, pause))).then(() => {
    asked.delete(key);
    if (fresh.again) once(key, task, pause);
  });
}

const has = (id) => document.getElementById(id) !== null;
const params = () => new URLSearchParams(location.search);
const tile = (listing) => has(`tile-${listing}`) && once(`tile-${listing}`, () => refresh(`/fragments/tile/${listing}`, `tile-${listing}`));
const space = () => has("space") && once("space", () => refresh("/fragments/space", "space"), 500);
const agents = () => has("agents") && once("agents", () => refresh("/fragments/agents", "agents"), 500);
function registries() {
  if (!has("registries") || one("#registries :popover-open")) return;
  const registry = params().get("registry");
  once("registries", () => refresh(`/fragments/registries${registry ? `?registry=${registry}` : ""}`, "registries"), 300);
}
// Not under the eyes of somebody who reads a tile's other side or its warnings.
function results() {
  if (!has("results") || !has("filters")) return;
  once("results", async () => {
    while (one("#results .tile[data-turned], #results :popover-open")) await new Promise((go) => setTimeout(go, 1000));
    await show({ keep: true });
  }, 500);
}

function workspace(id, gone) {
  const rows = document.getElementById(`workspace-${id}`);
  if (rows && gone) {
    rows.remove();
    if (!one(".workspace")) results();
  } else if (rows) once(`workspace-${id}`, () => refresh(`/fragments/workspace/${id}`, `workspace-${id}`), 700);
  else if (one("#filters[action='/workspaces']") && !gone) results();
}

// Tiles name what is installed from them in the addresses of their buttons.
const tileOf = (id) => one(`.tile:has([href*="${id}"], [formaction*="${id}"])`)?.dataset.listing;

function progress(event) {
  workspace(event.workspace, false);
  const listing = event.listing ?? tileOf(event.workspace);
  const part = listing && document.getElementById(`tile-${listing}`);
  if (!part) return;
  const bar = one(".tile-front > progress", part), number = one(".tile-foot .percent", part);
  if (event.state === "pulling" && part.dataset.state === "installing" && bar && number && part.dataset.pulling === "") {
    bar.value = event.percent ?? 0;
    number.textContent = event.percent ?? 0;
    return;
  }
  part.toggleAttribute("data-pulling", event.state === "pulling");
  once(`tile-${listing}`, async () => {
    await refresh(`/fragments/tile/${listing}`, `tile-${listing}`);
    document.getElementById(`tile-${listing}`)?.toggleAttribute("data-pulling", event.state === "pulling");
  });
  if (event.state === "ready") say(`${one(".tile-open", part).textContent}: installed`);
  if (event.state === "failed") say(`${one(".tile-open", part).textContent}: failed. ${event.detail ?? ""}`);
}

// Pages that are about one thing are asked for whole; `data-live` says what about.
const about = () => one("[data-live]")?.dataset.live ?? "";
function whole() {
  const main = one("#main");
  if (one("dialog:modal") || document.activeElement?.matches("#main input, #main textarea")) return;
  once("whole", async () => {
    const html = await ask(location.href);
    const fresh = html && one("#main", new DOMParser().parseFromString(html, "text/html"));
    if (fresh) replace(one("#main"), document.importNode(fresh, true));
    else if (main) location.assign("/");
  }, 1000);
}

function everything() {
  if (about()) whole();
  registries();
  results();
  space();
  agents();
}

const hear = {
  registry: ({ registry }) => {
    registries();
    if (about() === "registries" || about() === registry) whole();
  },
  catalogue: () => { registries(); results(); },
  workspace: ({ workspace: id, gone }) => {
    workspace(id, gone);
    if (about() === "listing") whole();
    const listing = tileOf(id);
    if (listing) tile(listing);
    else if (one("#tiles") && !gone) results();
    space();
  },
  progress: (event) => {
    progress(event);
    if (about() === "listing" && location.pathname.endsWith(event.listing)) whole();
  },
  kept: (image) => {
    say(`${image.workspace_name} is uninstalled. Its image stays on ${image.agent_name}: ${image.detail}.`);
    agents();
    if (one("#filters[action='/workspaces']")) results();
  },
  // What an agent holds up can be forgotten once it is offline.
  agent: () => {
    agents();
    space();
    if (one("#filters[action='/workspaces']")) results();
  },
  space,
  resync: everything,
  connected: () => { one("#connection").hidden = true; },
  lost: () => { one("#connection").hidden = !one("#signed-out").hidden; },
  "signed-out": signedOut,
};

// What this tab changed itself is asked for at once, not only when the event comes.
document.addEventListener("changed", ({ detail: { address } }) => {
  const [, kind, id] = address.split("/");
  if (address.endsWith("/remove") && location.pathname.endsWith(id)) { location.assign("/"); return; }
  if (about()) whole();
  if (kind === "registries") {
    registries();
    if (address.endsWith("/remove")) results();
  }
  if (kind === "workspaces") {
    workspace(id, false);
    const listing = tileOf(id);
    if (listing) tile(listing);
  }
});

// Ages go on while the page stays open: in the server's words, by the server's clock.
const ahead = Date.now() - Date.parse(one("meta[name=now]").content);
const units = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [1000, "s"]];
function age(span) {
  const [length, unit] = units.find(([length]) => span >= length) ?? units.at(-1);
  return span < 5000 ? "just now" : `${Math.floor(span / length)} ${unit} ago`;
}
setInterval(() => {
  for (const time of all("time[datetime]")) {
    if (/ ago$|^just now$/.test(time.textContent)) time.textContent = age(Date.now() - ahead - Date.parse(time.dateTime));
  }
}, 10_000);

if (one("#connection")) listen(({ kind, data }) => hear[kind]?.(data));
