// What the storefront does with script: theme, copying, search and choice. Loaded in the head, so that the first
// paint has the right theme; a classic script, because modules do not load from a disk.
"use strict";
(() => {
  const base = new URL("../", document.currentScript.src);
  const one = (selector, root = document) => root.querySelector(selector);
  const page = document.documentElement;

  // Where a browser keeps nothing for this page, the choice lasts until the page is left.
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* as told above */ } };

  const themes = ["system", "light", "dark"];
  let theme = themes.includes(kept("theme")) ? kept("theme") : "system";
  const next = () => themes[(themes.indexOf(theme) + 1) % themes.length];
  function wear() {
    if (theme === "system") delete page.dataset.theme;
    else page.dataset.theme = theme;
    one("#theme")?.setAttribute("aria-label", `Theme: ${theme}. Change to ${next()}`);
  }
  wear();

  let quiet;
  function say(text) {
    const live = one("#live");
    live.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { live.textContent = ""; }, 5000);
  }

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch {
      // Pages without TLS have no clipboard of their own.
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("refused");
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#theme, [data-copy], [data-copy-from]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (button.id === "theme") { theme = next(); keep("theme", theme); wear(); return; }
    const text = button.dataset.copy ?? document.getElementById(button.dataset.copyFrom).textContent;
    copy(text).then(() => say("Copied"), () => say("The browser did not allow copying"));
  });
  document.addEventListener("keydown", (event) => {
    const box = one("#search");
    if (event.key !== "/" || !box || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    box.focus();
  });

  document.addEventListener("DOMContentLoaded", () => {
    wear();
    for (const control of document.querySelectorAll(".needs-script")) control.hidden = false;
    const form = one("#filters");
    if (form) catalogue(form);
  });

  // A listing in a chunk, in the order of the list.
  const SLUG = 0, NAME = 1, TEXT = 2, ICON = 3, KIND = 4, FLAGS = 5, CATEGORIES = 6, ENTRIES = 7, SIZE = 8;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  function words(megabytes) {
    if (megabytes < 1000) return `${megabytes < 10 ? megabytes.toFixed(1) : megabytes} MB`;
    const terabytes = megabytes >= 999500, value = megabytes / (terabytes ? 1e6 : 1e3);
    return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${terabytes ? "TB" : "GB"}`;
  }

  function catalogue(form) {
    const grid = one("#tiles"), more = one("#more"), clear = one("#clear"), blank = one("#tile").content.firstElementChild;
    const total = Number(grid.dataset.total), first = Number(grid.dataset.first), page = 200;
    const shown = [...grid.children], links = [...more.children];
    const tiles = new Map(shown.map((tile, at) => [first + at, tile]));
    const button = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "Show more" });
    let limit = page, turn = 0, loading;

    // Chunks are scripts: those load from a disk, too.
    const chunk = (number) => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`storefront/search-${number}.js`, base);
      script.onload = () => { script.remove(); resolve(globalThis.storefront[number]); };
      script.onerror = () => { script.remove(); reject(new Error(script.src)); };
      document.head.append(script);
    });
    const listings = () => {
      loading ??= Promise.all(Array.from({ length: Number(grid.dataset.chunks) }, (_, at) => chunk(at + 1))).then((chunks) =>
        chunks.flat().map((listing, at) => ({ listing, at, name: fold(listing[NAME]), all: fold([listing[NAME], listing[TEXT], ...listing[CATEGORIES]].join(" ")) })));
      loading.catch(() => { loading = undefined; });
      return loading;
    };

    // The size for a version and channel; nothing if the listing does not fit them. The newest entry comes first.
    function fit(listing, version, channel) {
      const entries = listing[ENTRIES], line = version.replace(/\d+$/, "x");
      const entry = version ? entries.find((entry) => entry[0] === version) ?? entries.find((entry) => entry[0] === line) : entries[0];
      if (!entry) return version ? undefined : { size: listing[SIZE] };
      return channel && entry[2].length && !entry[2].includes(channel) ? undefined : { size: entry[1] };
    }

    function draw(listing) {
      const tile = blank.cloneNode(true), address = new URL(`workspace/${listing[SLUG]}.html`, base), mark = one(".finding-mark", tile);
      one(".tile-open", tile).textContent = listing[NAME];
      one(".tile-open", tile).href = address;
      one("img", tile).src = new URL(listing[ICON], base);
      one(".tile-registry", tile).textContent = listing[TEXT];
      one(".tile-foot > span", tile).textContent = listing[KIND];
      tile.toggleAttribute("data-warned", listing[FLAGS] > 0);
      if (listing[FLAGS]) {
        mark.href = `${address}#findings`;
        mark.setAttribute("aria-label", `${listing[FLAGS]} ${listing[FLAGS] === 1 ? "warning" : "warnings"} for ${listing[NAME]}: review before installing`);
      } else mark.remove();
      return tile;
    }

    function place({ listing, at, size }) {
      if (!tiles.has(at)) tiles.set(at, draw(listing));
      const tile = tiles.get(at);
      let end = one(".tile-end", tile);
      if (size === null) end?.remove();
      else {
        if (!end) { end = Object.assign(document.createElement("span"), { className: "tile-end" }); one(".tile-foot", tile).append(end); }
        end.textContent = words(size);
      }
      return tile;
    }

    async function show() {
      const mine = ++turn;
      const wish = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
      const { q = "", version = "", channel = "", category } = wish;
      const search = new URLSearchParams(wish).toString();
      history.replaceState(null, "", search ? `?${search}` : location.pathname);
      clear.hidden = !search;
      if (!search && limit === page) {
        grid.replaceChildren(...shown);
        more.replaceChildren(...links);
        one("#count").textContent = total;
        one("#nothing").hidden = total > 0;
        if (!loading) return;
      }
      let all;
      try { all = await listings(); } catch { say("The list of workspaces did not load"); return; }
      if (mine !== turn) return;
      const asked = fold(q).split(/\s+/).filter(Boolean);
      const found = [];
      for (const row of all) {
        if (category && !row.listing[CATEGORIES].includes(category)) continue;
        if (!asked.every((word) => row.all.includes(word))) continue;
        const fits = fit(row.listing, version, channel);
        if (!fits) continue;
        const rank = !asked.length || row.name.startsWith(asked[0]) ? 0 : row.name.includes(asked[0]) ? 1 : 2;
        found.push({ ...row, ...fits, rank });
      }
      found.sort((left, right) => left.rank - right.rank || left.at - right.at);
      const start = search ? 0 : first;
      grid.replaceChildren(...found.slice(start, start + limit).map(place));
      more.replaceChildren(...(found.length > start + limit ? [button] : []));
      one("#count").textContent = search ? `${found.length} of ${total}` : total;
      one("#nothing").hidden = found.length > 0;
    }

    async function further(event) {
      event.preventDefault();
      const before = limit;
      limit += page;
      await show();
      one(".tile-open", grid.children[before] ?? grid)?.focus({ preventScroll: true });
      say(`${grid.children.length} shown`);
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => { limit = page; show(); });
    more.addEventListener("click", (event) => {
      if (event.target.closest("[rel=next], button") && !event.ctrlKey && !event.metaKey && !event.shiftKey) further(event);
    });
    clear.addEventListener("click", () => {
      for (const field of form.elements) if (field.name) field.value = "";
      one("#search").focus();
      limit = page;
      show();
    });
    // An address with choices in it was shared, or the browser brought a text back.
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    if ([...new FormData(form)].some(([, value]) => value)) show();
  }
})();
