// Adding a registry shows its steps as they happen, then adds it.
import { all, one, prose, say } from "./document.js";
import { send } from "./forms.js";

const states = { passed: "done", warned: "late", failed: "failed" };
const words = { done: "done", late: "with remarks", failed: "failed", busy: "under way", waiting: "not reached" };
let running;

function mark(line, state, report) {
  line.dataset.step = state;
  one(".step-word", line).textContent = `: ${words[state]}`;
  one(".step-detail", line).replaceChildren(...prose(report?.detail ?? ""));
  one(".step-time", line).textContent = report ? time(report.duration_ms) : "";
  const remedy = one(".remedy", line);
  remedy.replaceChildren(...prose(report?.hint ?? "", true));
  remedy.hidden = !report?.hint;
}
const time = (ms) => (ms < 1 ? "< 1 ms" : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

// Lines of JSON as they arrive.
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? "";
    const parts = rest.split("\n");
    rest = parts.pop();
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
    if (done) { if (rest.trim()) yield JSON.parse(rest); return; }
  }
}

function refuse(form, detail, hint) {
  const trust = one("#trust", form);
  one("#add-problem", form)?.remove();
  const notice = Object.assign(document.createElement("div"), { id: "add-problem", className: "notice notice-danger" });
  notice.setAttribute("role", "alert");
  // Where the server's notice has its drawing.
  const strong = document.createElement("strong"), words = document.createElement("span");
  strong.append(...prose(detail));
  words.append(...prose(hint ?? "", true));
  notice.append(document.createElement("span"), strong, words);
  trust.after(notice);
}

// Runs the check; gives the name of the step that failed, an empty one if not even that can be told, or null.
async function check(form, signal) {
  const steps = one("#steps", form), all_lines = all("li", steps);
  one("#add-problem", form)?.remove();
  steps.hidden = false;
  for (const line of all_lines) { mark(line, "waiting"); line.hidden = false; }
  mark(all_lines[0], "busy");
  const fields = new FormData(form);
  const body = { url: fields.get("url") };
  if (fields.get("username")) Object.assign(body, { username: fields.get("username"), password: fields.get("password") });
  const answer = await fetch("/api/v1/registries/inspect", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/x-ndjson", "x-csrf-token": one("meta[name=csrf-token]").content },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    for (const line of all_lines) mark(line, "waiting");
    refuse(form, problem.detail ?? "The server could not check this address.", problem.hint);
    return "";
  }
  let failed = null, denied = false;
  for await (const report of lines(answer.body)) {
    const at = all_lines.findIndex((line) => line.dataset.name === report.step);
    if (at < 0) continue;
    mark(all_lines[at], states[report.outcome] ?? "done", report);
    // Over http there is no TLS to come.
    if (report.step === "address" && report.detail.startsWith("http:")) one("[data-name=tls]", steps).hidden = true;
    // What was passed over is not part of this address, such as TLS where it is http.
    for (const line of all_lines.slice(0, at)) if (["busy", "waiting"].includes(line.dataset.step)) line.hidden = true;
    if (report.outcome === "failed") [failed, denied] = [report.step, /user name/.test(report.detail)];
    else if (all_lines[at + 1]?.dataset.step === "waiting") mark(all_lines[at + 1], "busy");
  }
  for (const line of all_lines) if (line.dataset.step === "busy") mark(line, "waiting");
  if (denied) one("details", form).open = true;
  return failed;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.id !== "add-form") return;
  event.preventDefault();
  const only_check = event.submitter?.matches("[data-check]");
  const add = one("[data-add]", form), keep = one("#keep", form), keeps = one("input", keep).checked;
  // What is being added is not sent twice; a check is begun anew.
  if (form.dataset.adding) return;
  running?.abort();
  const mine = running = new AbortController();
  add.setAttribute("aria-busy", "true");
  keep.hidden = true;
  try {
    const failed = await check(form, mine.signal), good = failed === null;
    // An address that may not be asked does not get better with time.
    keep.hidden = good || failed === "address" || failed === "";
    if (only_check || (!good && !keeps)) {
      say(good ? "The registry can be read" : "The registry cannot be read");
      return;
    }
    form.dataset.adding = "";
    const answer = await send(form, add);
    if (answer.done) { location.assign("/"); return; }
    const page = new DOMParser().parseFromString(answer.html, "text/html");
    const problem = one("#add-problem", page), steps = one("#steps:not([hidden])", page);
    if (steps) one("#steps", form).replaceWith(document.importNode(steps, true));
    if (problem) one("#trust", form).after(document.importNode(problem, true));
    else if (!steps) refuse(form, answer.words);
  } catch (error) {
    if (error.name !== "AbortError") refuse(form, "The server does not answer.", "Try again.");
  } finally {
    delete form.dataset.adding;
    if (running === mine) add.removeAttribute("aria-busy");
  }
}, true);

// What was found belongs to the address that was asked.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("#add-form");
  if (target.id !== "add-url" || form.dataset.adding) return;
  running?.abort();
  one("[data-add]", form).removeAttribute("aria-busy");
  one("#steps", form).hidden = true;
  one("#keep", form).hidden = true;
  one("#add-problem", form)?.remove();
});

document.addEventListener("close", (event) => { if (event.target.id === "add") running?.abort(); }, true);
