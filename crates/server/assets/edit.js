// While one edits: line numbers, what changed, findings and mistakes as the server sees them.
import { all, dress, one, say } from "./document.js";
import { parsed, replace } from "./fragments.js";

const plain = (text) => text.replaceAll("\r\n", "\n").trim();

function numbers(area, wrong = 0) {
  const list = one("ol", area.parentElement), count = Math.max(3, area.value.split("\n").length);
  area.rows = count;
  list.replaceChildren(...Array.from({ length: count }, (_, index) => {
    const line = Object.assign(document.createElement("li"), { textContent: index + 1 });
    if (index + 1 === wrong) line.dataset.error = "";
    return line;
  }));
}

function compare(control) {
  const { published } = control.dataset;
  const field = control.closest(".field"), back = one("[data-put-back]", field);
  if (published === undefined || !back) return;
  const is_changed = plain(control.value) !== plain(published);
  field.toggleAttribute("data-changed", is_changed);
  back.hidden = !is_changed;
  one("[data-changed-mark]", field).hidden = !is_changed;
}

function tell(control, message, line) {
  const field = control.closest(".field");
  let place = document.getElementById(`${control.id}-error`);
  if (!place && message) {
    place = Object.assign(document.createElement("p"), { id: `${control.id}-error`, className: "field-error" });
    place.append(document.createElement("span"));
    field.append(place);
  }
  if (place) {
    place.hidden = !message;
    const words = one("span", place);
    if (words.textContent !== message) words.textContent = message;
  }
  if (message) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", `${control.id}-error`);
  } else control.removeAttribute("aria-invalid");
  if (control.matches(".code")) numbers(control, line);
}

let timer, running;
// What the server says of the fields; true if nothing is wrong.
async function judge(form) {
  running?.abort();
  running = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch("/fragments/findings", { method: "POST", body, signal: running.signal, headers: { accept: "text/html" } });
  if (!answer.ok) return true;
  const fresh = parsed(await answer.text());
  const mistakes = new Map(all("#edit-errors li", fresh).map((item) => [item.dataset.field, item]));
  for (const control of all("[data-judged]", form)) {
    const mistake = mistakes.get(control.name);
    tell(control, mistake?.textContent ?? "", Number(mistake?.dataset.line ?? 0));
  }
  const rest = [...mistakes.values()].filter(({ dataset }) => !one(`[data-judged][name="${CSS.escape(dataset.field)}"]`, form));
  const problem = one("#edit-problem", form);
  problem.hidden = rest.length === 0;
  one("strong", problem).textContent = rest.map((mistake) => mistake.textContent).join(" ");
  // Findings of a text that cannot be read would be those of nothing.
  const old = one("#edit-findings", form), findings = one("#edit-findings", fresh);
  if (mistakes.size === 0 && old && findings && old.innerHTML !== findings.innerHTML) replace(old, findings);
  return mistakes.size === 0;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("#edit-form");
  if (!form) return;
  if (event.target.matches(".code")) numbers(event.target);
  compare(event.target);
  clearTimeout(timer);
  timer = setTimeout(() => judge(form).catch(() => {}), 150);
});

// Mistakes are shown before anything is sent.
document.addEventListener("submit", async (event) => {
  const form = event.target, { submitter } = event;
  if (form.id !== "edit-form") return;
  if (form.dataset.judged === "good") { delete form.dataset.judged; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  clearTimeout(timer);
  const good = await judge(form).catch(() => true);
  if (good) {
    form.dataset.judged = "good";
    form.requestSubmit(submitter);
  } else {
    say("Nothing was sent: a field has a mistake");
    (one("[aria-invalid=true]", form) ?? one("#edit-problem:not([hidden])", form))?.focus();
  }
}, true);

document.addEventListener("click", (event) => {
  const back = event.target.closest("[data-put-back]");
  if (!back) return;
  const control = document.getElementById(back.dataset.putBack);
  control.value = control.dataset.published;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.focus();
});

dress((root) => {
  for (const control of all("#edit-form [data-judged]", root)) compare(control);
});
