// One stream of events for all tabs of a browser. The tab that holds the lock reads it and tells the others; a hidden
// tab gives it up. A new reader goes on after the newest event that any tab has seen.
import { one } from "./document.js";

const kinds = ["registry", "catalogue", "workspace", "progress", "kept", "agent", "space", "resync"];
const channel = new BroadcastChannel("quayside-events");
let newest = one("meta[name=last-event]")?.content ?? null;
let listener = () => {};

function hear(message) {
  if (message.id) newest = message.id;
  listener(message);
}
channel.onmessage = (event) => hear(event.data);
function tell(message) {
  channel.postMessage(message);
  hear(message);
}

function read(signal) {
  return new Promise((end) => {
    let source, again, lost, wait = 1000;
    const connect = () => {
      source = new EventSource(newest === null ? "/api/v1/events" : `/api/v1/events?last_event_id=${encodeURIComponent(newest)}`);
      source.onopen = () => { wait = 1000; clearTimeout(lost); lost = undefined; tell({ kind: "connected" }); };
      source.onerror = () => {
        lost ??= setTimeout(() => tell({ kind: "lost" }), 3000);
        if (source.readyState !== EventSource.CLOSED) return;
        source.close();
        // A stream does not say why it was refused.
        fetch("/fragments/space").then((answer) => { if (answer.status === 401) tell({ kind: "signed-out" }); }, () => {});
        clearTimeout(again);
        again = setTimeout(connect, wait);
        wait = Math.min(wait * 2, 30000);
      };
      for (const kind of kinds) source.addEventListener(kind, (event) => tell({ kind, id: event.lastEventId || null, data: JSON.parse(event.data) }));
    };
    connect();
    signal.addEventListener("abort", () => { clearTimeout(again); clearTimeout(lost); source.close(); end(); }, { once: true });
  });
}

let turn;
function start() {
  if (turn) return;
  turn = new AbortController();
  const { signal } = turn;
  // Locks want a secure context; without them each visible tab reads for itself.
  if (!navigator.locks) { read(signal); return; }
  navigator.locks.request("quayside-events", { signal }, () => (signal.aborted ? undefined : read(signal))).catch(() => {});
}
function stop() {
  turn?.abort();
  turn = undefined;
}

export function listen(hearer) {
  listener = hearer;
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted && !document.hidden) start(); });
  if (!document.hidden) start();
}
