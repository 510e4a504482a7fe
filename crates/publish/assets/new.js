// A new workspace: its tile, its JSON and what there is to say about it as one types; an icon fitted to a square; a zip
// of its folder. All of it happens here, nothing is sent.
"use strict";
(() => {
  const form = document.getElementById("new");
  const one = (selector, root = document) => root.querySelector(selector);
  const field = (name) => document.getElementById(name);
  const value = (name) => field(name)?.value.trim() ?? "";
  const list = (name) => value(name).split(",").map((text) => text.trim()).filter(Boolean);
  const schema = form.dataset.schema;
  const touched = new Set();
  let picture, names = new Map();
  // What “quayside publish check” says about the same, in its words.
  const table = JSON.parse(field("words").textContent);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, key) => values[key] ?? "");
  const kind = (value) => value === null ? "null" : Array.isArray(value) ? "an array" : { string: "a string", number: "a number", boolean: "a truth value" }[typeof value] ?? "an object";

  // Reads JSON and tells where it is wrong; browsers do not tell alike, and none tells of a key that stands twice.
  function read(text) {
    let at = 0;
    const wrong = (message, place = at) => { throw Object.assign(new Error(message), { place }); };
    const blank = () => { while (" \t\n\r".includes(text[at]) && at < text.length) at += 1; };
    const token = (pattern) => { pattern.lastIndex = at; const found = pattern.exec(text)?.[0]; if (found !== undefined) at += found.length; return found; };
    function string() {
      const start = at, found = token(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
      return found === undefined ? wrong("this text does not end, or has a sign that must be escaped", start) : JSON.parse(found);
    }
    function item(depth) {
      if (depth > 100) wrong("this is nested too deeply");
      blank();
      if (at >= text.length) wrong("the text ends too early");
      if (text[at] === '"') return string();
      if (text[at] === "[" || text[at] === "{") return several(text[at] === "{", depth);
      const word = token(/true|false|null/y);
      if (word) return JSON.parse(word);
      const number = token(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
      return number === undefined ? wrong("this is not a JSON value") : Number(number);
    }
    function several(isObject, depth) {
      const end = isObject ? "}" : "]", found = isObject ? Object.create(null) : [];
      at += 1;
      blank();
      if (text[at] === end) { at += 1; return found; }
      for (;;) {
        blank();
        if (isObject) {
          const place = at;
          if (text[at] !== '"') wrong(text[at] === "}" ? "a comma before this brace is one too many" : "a key in double quotes is expected here");
          const key = string();
          if (key in found) wrong(`the key ${JSON.stringify(key)} stands here again`, place);
          blank();
          if (text[at] !== ":") wrong("a colon is expected after the key");
          at += 1;
          found[key] = item(depth + 1);
        } else {
          if (text[at] === "]") wrong("a comma before this bracket is one too many");
          found.push(item(depth + 1));
        }
        blank();
        if (text[at] === end) { at += 1; return found; }
        if (text[at] !== ",") wrong(`a comma or \`${end}\` is expected here`);
        at += 1;
      }
    }
    const found = item(0);
    blank();
    if (at < text.length) wrong("nothing more is expected here");
    return found;
  }

  // What raises a warning before a workspace is installed, as the registry format has it.
  function warnings(run, exec) {
    const found = [];
    const flag = (section, property, value, id) => found.push({ section, property, value, id });
    const common = (section, property, value) => {
      if (property === "user") { if (![1000, "1000", "1000:1000"].includes(value)) flag(section, property, value, "user_error"); return true; }
      if (property !== "privileged") return false;
      if (value === true || value === "true") flag(section, property, value, "privilege");
      return [true, false, null, "true", "false"].includes(value);
    };
    for (const [property, value] of Object.entries(run ?? {})) {
      if (!common("run_config", property, value) && !["entrypoint", "hostname", "environment"].includes(property)) flag("run_config", property, value, "flag_property");
    }
    for (const [command, settings] of Object.entries(exec ?? {})) {
      if (!["first_launch", "go", "assign"].includes(command) || settings === null || typeof settings !== "object") { flag("exec_config", command, settings, "flag_property"); continue; }
      for (const [property, value] of Object.entries(settings)) {
        const section = `exec_config.${command}`;
        if (!common(section, property, value) && !["cmd", "environment", "workdir"].includes(property)) flag(section, property, value, "flag_property");
      }
    }
    return found;
  }

  // A quote that opens and never closes, or a backslash with nothing behind it.
  function isUnbalanced(text) {
    let open = "";
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at];
      if (open === sign) open = "";
      else if (!open && (sign === "'" || sign === '"')) open = sign;
      else if (sign === "\\" && open !== "'" && (at += 1) >= text.length) return true;
    }
    return open !== "";
  }

  // What check finds in run_config and exec_config.
  function configured({ run_config: run, exec_config: exec }, say) {
    const hooks = ["first_launch", "go", "assign"].map((hook) => [hook, exec?.[hook]]).filter(([, command]) => kind(command) === "an object" && command);
    for (const key of Object.keys(run ?? {})) if (!table.run_keys.includes(key)) say("run-config-key-unknown", { key });
    const unknown = (key, known) => !known.includes(key) && (key === "command" || !table.run_keys.includes(key));
    for (const key of Object.keys(exec ?? {})) if (unknown(key, table.exec_keys)) say("exec-config-key-unknown", { section: "exec_config", key });
    for (const [hook, command] of hooks) {
      for (const key of Object.keys(command)) if (unknown(key, table.command_keys)) say("exec-config-key-unknown", { section: `exec_config.${hook}`, key });
    }
    const sections = [["run_config", run], ...hooks.map(([hook, command]) => [`exec_config.${hook}`, command])];
    for (const [section, settings] of sections) {
      if (!settings) continue;
      const { privileged, environment } = settings;
      if (privileged !== undefined && privileged !== null && typeof privileged !== "boolean") say("privileged-as-text", { section, kind: kind(privileged) });
      if (kind(environment) !== "an object" || !environment) continue;
      for (const [key, value] of Object.entries(environment)) if (value !== null && typeof value !== "string") say("environment-value-not-text", { path: `${section}.environment`, key, kind: kind(value) });
    }
    const commands = [["run_config.entrypoint", run?.entrypoint], ["run_config.command", run?.command], ...hooks.map(([hook, command]) => [`exec_config.${hook}.cmd`, command.cmd])];
    for (const [path, text] of commands) if (typeof text === "string" && isUnbalanced(text)) say("command-unbalanced-quotes", { path });
    const [, first] = hooks.find(([hook]) => hook === "first_launch") ?? [];
    const words = first && (Array.isArray(first.cmd) ? first.cmd : [first.cmd]);
    const isRoot = first && (first.user === 0 || ["root", "0"].includes(String(first.user ?? "").split(":")[0]));
    if (words?.every((word) => typeof word === "string") && words.join(" ").trim() && !isRoot && !words.join(" ").includes("desktop_ready")) say("command-not-waiting", {});
  }

  const host = (image) => { const first = image.split("/")[0]; return image.includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"; };
  const isVersion = (text) => /^\d{1,9}\.\d{1,9}(\.(\d{1,9}|x))?$/.test(text);
  const isWhole = (text) => /^\d{1,9}$/.test(text);

  // The listing that the form was filled in with: what of it has no field, and its versions as they are.
  let copy = { rest: {}, entries: new Map() };

  // The errors and findings of all fields, and the workspace as far as it can be read.
  function look() {
    const errors = new Map(), found = [];
    // A finding, unless the registry does not want to hear of it.
    const say = (code, values, hint) => {
      const rule = table.rules[code];
      if (rule) found.push({ code, ...rule, message: fill(rule.message, { name: value("friendly_name"), ...values }), hint: hint ?? rule.hint });
    };
    const wrong = (name, message) => { if (!errors.has(name)) errors.set(name, message); };
    const needed = (name, message) => { if (!value(name)) wrong(name, message); return value(name); };

    const workspace = {};
    workspace.friendly_name = needed("friendly_name", "A workspace needs a name.");
    if (names.has(workspace.friendly_name)) say("name-twice", { other: names.get(workspace.friendly_name) });
    const image = needed("image", "A workspace needs an image.");
    const reference = /^(?:(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?|[A-Za-z0-9.-]+:\d+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\/)?[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*(?<tag>:[\w][\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$/.exec(image);
    if (image && !reference) wrong("image", /^docker\s+pull\s/.test(image) ? "Leave out “docker pull”: only the name is wanted." : /[A-Z]/.test(image.split(":")[0]) ? "The name of an image is in lower case." : "This is not the name of an image.");
    else if (image && !reference.groups.tag && !reference.groups.digest) say("image-tag-missing", { image });
    else if (reference?.groups.tag === ":latest") say("image-tag-latest", { image });
    if (schema === "1.0") workspace.name = image;
    workspace.description = needed("description", "Say in a sentence what it is.");
    workspace.docker_registry = host(image) === "docker.io" ? "https://index.docker.io/v1/" : `https://${host(image)}/`;
    workspace.image_src = `${slug()}.png`;
    if (!picture) wrong("icon", "Choose a picture.");
    workspace.architecture = [...form.querySelectorAll("[name=architecture]:checked")].map((box) => box.value);
    if (!workspace.architecture.length) wrong("architecture", "Choose at least one.");

    const versions = list("versions"), bad = versions.find((version) => !isVersion(version));
    if (!versions.length) wrong("versions", "Name at least one, such as 1.18.x.");
    if (bad !== undefined) wrong("versions", fill(table.rules["version-invalid"]?.message ?? "`{version}` is no version", { version: bad, name: value("friendly_name") }));
    const size = value("size"), megabytes = isWhole(size) ? Number(size) : 0;
    if (!isWhole(size)) wrong("size", /^\d+(\.\d+)?\s*[GM]B$/i.test(size) ? "Write whole megabytes without a unit." : "Write whole megabytes such as 2643.");
    else if (Number(size) === 0) found.push({ severity: "note", message: "The size is 0", hint: "nobody can tell whether it fits; `quayside publish sizes` measures it" });
    const channels = list("channels"), badTag = channels.find((tag) => !/^[\w][\w.-]{0,127}$/.test(tag));
    if (badTag !== undefined) wrong("channels", `“${badTag}” is not a tag.`);
    if (schema === "1.0") {
      workspace.compatibility = versions;
      workspace.uncompressed_size_mb = megabytes;
    } else {
      const isSame = [image, size, channels].join("\n") === copy.basis;
      workspace.compatibility = versions.map((version) => (isSame && copy.entries.get(version)) || ({ version, image, uncompressed_size_mb: megabytes, ...(channels.length ? { available_tags: channels } : {}) }));
    }
    const categories = list("categories");
    if (categories.length > table.most_categories) say("categories-too-many", { count: categories.length, most: table.most_categories });
    if (categories.length) workspace.categories = categories;
    const number = (name, isGood, hint) => {
      const text = value(name);
      if (!text) return;
      if (isGood(text)) workspace[name] = Number(text);
      else wrong(name, hint);
    };
    number("cores", (text) => /^\d{1,5}(\.\d+)?$/.test(text) && Number(text) > 0, "Write a number such as 2 or 0.5.");
    number("memory", (text) => isWhole(text) && Number(text) > 0, "Write whole megabytes such as 2768.");
    number("gpu_count", isWhole, "Write a whole number such as 1.");
    if (value("cpu_allocation_method")) workspace.cpu_allocation_method = value("cpu_allocation_method");
    const lines = new Map();
    for (const name of ["run_config", "exec_config"]) {
      const text = field(name).value;
      if (!text.trim()) continue;
      try {
        const object = read(text);
        if (object === null || typeof object !== "object" || Array.isArray(object)) throw Object.assign(new Error("an object is expected: properties between `{` and `}`"), { place: 0 });
        workspace[name] = object;
      } catch (error) {
        const before = text.slice(0, error.place).split("\n");
        lines.set(name, before.length);
        const where = `Line ${before.length}, column ${[...before.at(-1)].length + 1}`;
        wrong(name, `${where}: ${error.message}.`);
        say("invalid-json", { file: name, why: error.message }, `${where}; without it, \`${name}\` is missing below`);
      }
    }
    if (value("notes")) workspace.notes = value("notes");
    if (copy.registry && image === copy.image) workspace.docker_registry = copy.registry;
    Object.assign(workspace, copy.rest);
    configured(workspace, say);
    return { workspace, errors, found, lines, flags: warnings(workspace.run_config, workspace.exec_config), size: megabytes };
  }

  function slug() {
    const text = value("friendly_name").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
    return text || "icon";
  }
  // As “quayside publish new” names it.
  function folder() {
    const text = [...value("friendly_name")].map((sign) => /[\p{L}\p{N} _.+-]/u.test(sign) ? sign : "-").slice(0, 60).join("");
    return text.trim().replace(/^\.+|\.+$/g, "").trim() || "workspace";
  }

  function tell(name, message, line = 0) {
    const place = field(`${name}-error`), control = field(name), shown = message && (touched.has(name) || touched.has("*")) ? message : "";
    if (!place) return;
    place.hidden = !shown;
    one("span", place).replaceChildren(...rich(shown));
    if (!control) return;
    control.toggleAttribute("aria-invalid", false);
    const hint = field(`${name}-hint`) ? `${name}-hint` : "";
    const described = [hint, shown ? `${name}-error` : ""].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    else control.removeAttribute("aria-describedby");
    if (shown) control.setAttribute("aria-invalid", "true");
    if (control.matches(".code")) {
      const count = Math.max(3, control.value.split("\n").length);
      control.rows = count;
      one("ol", control.parentElement).replaceChildren(...Array.from({ length: count }, (_, at) => {
        const item = Object.assign(document.createElement("li"), { textContent: at + 1 });
        if (shown && at + 1 === line) item.dataset.error = "";
        return item;
      }));
    }
  }

  // What stands between backticks is code.
  const rich = (text) => text.split("`").map((part, at) => at % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part);

  function check(kind, title, text) {
    const item = field(`check-${kind}`).content.firstElementChild.cloneNode(true);
    one("h3", item).append(...rich(title));
    one("p", item).append(...rich(text));
    return item;
  }

  function show() {
    const { workspace, errors, found, lines, flags, size } = look();
    for (const name of ["friendly_name", "categories", "description", "icon", "image", "versions", "size", "channels", "architecture", "cores", "memory", "gpu_count", "cpu_allocation_method", "run_config", "exec_config", "notes"]) {
      tell(name, errors.get(name) ?? "", lines.get(name));
    }
    field("json").textContent = `${JSON.stringify(workspace, null, 4)}\n`;
    field("folder").textContent = folder();

    const tile = one("#preview .tile");
    one(".tile-open", tile).textContent = workspace.friendly_name || "Friendly Name";
    one(".tile-registry", tile).textContent = workspace.description || "Description";
    one(".tile-foot > span", tile).textContent = [workspace.architecture.join(" "), workspace.categories?.[0]].filter(Boolean).join(" · ");
    one(".tile-end", tile).textContent = size ? (size < 1000 ? `${size} MB` : `${(size / 1000).toFixed(1)} GB`) : "";
    tile.toggleAttribute("data-warned", flags.length > 0);
    one(".finding-mark", tile).hidden = !flags.length;

    const wrong = [...errors.keys()].map((name) => form.querySelector(`label[for=${name}]`)?.textContent ?? "Architecture");
    const items = [
      ...(wrong.length ? [check("fail", wrong.length === 1 ? "1 field to fill in or mend" : `${wrong.length} fields to fill in or mend`, wrong.join(", "))] : []),
      ...found.map(({ code, severity, message, hint }) => check(severity === "error" ? "fail" : "warn", message, [hint, code && `(${code})`].filter(Boolean).join(" "))),
      ...flags.map(({ section, property, id }) => check("warn", fill(table.rules["configuration-warning"]?.message ?? "`{path}`: `{id}`", { path: `${section}.${property}`, name: value("friendly_name"), id }), table.warnings[id])),
    ];
    if (!items.length) items.push(check("done", "Nothing to complain about", "“quayside publish check” looks closer."));
    const list = field("checks");
    const told = (parts) => parts.map((part) => part.textContent).join("\n");
    if (told([...list.children]) !== told(items)) list.replaceChildren(...items);
    return { workspace, errors };
  }

  // A picture in the middle of a square, at most 256 pixels wide; none is made larger than it is, but drawings are.
  async function fit(file) {
    const address = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const width = image.naturalWidth || 256, height = image.naturalHeight || 256, isDrawing = file.type === "image/svg+xml";
      const side = isDrawing ? 256 : Math.max(32, Math.min(256, Math.max(width, height))), scale = side / Math.max(width, height);
      const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(image, (side - width * scale) / 2, (side - height * scale) / 2, width * scale, height * scale);
      return await new Promise((resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("empty")), "image/png"));
    } finally { URL.revokeObjectURL(address); }
  }

  let shownPicture;
  field("icon").addEventListener("change", () => choose(field("icon").files[0]));
  async function choose(file) {
    touched.add("icon");
    picture = undefined;
    let message = "";
    if (file) try { picture = await fit(file); } catch { message = "The browser cannot read this picture."; }
    if (shownPicture) URL.revokeObjectURL(shownPicture);
    shownPicture = picture && URL.createObjectURL(picture);
    for (const image of [field("icon-shown"), one("#preview img")]) {
      image.src = shownPicture ?? "../storefront/blank.svg";
    }
    show();
    if (message) tell("icon", message);
  }

  // A zip whose files are stored as they are.
  const sums = Uint32Array.from({ length: 256 }, (_, at) => { let sum = at; for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1; return sum; });
  const crc = (bytes) => { let sum = -1; for (const byte of bytes) sum = sums[(sum ^ byte) & 255] ^ (sum >>> 8); return (sum ^ -1) >>> 0; };
  function zip(files, now) {
    const date = (now.getFullYear() - 1980) << 9 | (now.getMonth() + 1) << 5 | now.getDate();
    const time = now.getHours() << 11 | now.getMinutes() << 5 | now.getSeconds() >> 1;
    const pack = (...fields) => {
      const bytes = new DataView(new ArrayBuffer(fields.reduce((length, [width]) => length + width, 0)));
      let at = 0;
      for (const [width, number] of fields) { if (width === 2) bytes.setUint16(at, number, true); else bytes.setUint32(at, number, true); at += width; }
      return new Uint8Array(bytes.buffer);
    };
    const parts = [], directory = [];
    let offset = 0;
    for (const [name, bytes] of files) {
      const path = new TextEncoder().encode(name);
      // Version 2.0, names in UTF-8, stored.
      const common = [[2, 20], [2, 0x800], [2, 0], [2, time], [2, date], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
      const head = pack([4, 0x04034b50], ...common);
      parts.push(head, path, bytes);
      directory.push(pack([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
      offset += head.length + path.length + bytes.length;
    }
    const size = directory.reduce((length, part) => length + part.length, 0);
    const end = pack([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
    return new Blob([...parts, ...directory, end], { type: "application/zip" });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    touched.add("*");
    const { workspace, errors } = show();
    if (errors.size) {
      const [first] = errors.keys();
      (field(first) ?? one(`[name=${first}]`, form)).focus();
      return;
    }
    const json = new TextEncoder().encode(`${JSON.stringify(workspace, null, 4)}\n`), name = folder();
    const bytes = new Uint8Array(await picture.arrayBuffer());
    const link = Object.assign(document.createElement("a"), { download: `${name}.zip`, href: URL.createObjectURL(zip([[`${name}/workspace.json`, json], [`${name}/${workspace.image_src}`, bytes]], new Date())) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
  form.addEventListener("input", (event) => {
    // JSON that is not whole is missing in what is downloaded: that is said at once.
    if (event.target.matches(".code")) touched.add(event.target.name);
    show();
  });
  form.addEventListener("focusout", (event) => { if (event.target.name) { touched.add(event.target.name); show(); } });
  one(".tile-open", one("#preview")).removeAttribute("href");

  // The form filled in with a listing, whose page says all about it.
  async function fillFrom(slug) {
    const note = field("from"), page = new URL(`../workspace/${slug}.html`, location.href);
    const told = (title, ...text) => { note.hidden = false; one("strong", note).textContent = title; one("span", note).replaceChildren(...text); };
    try {
      const answer = await fetch(page);
      if (!answer.ok) throw new Error(answer.status);
      const source = new DOMParser().parseFromString(await answer.text(), "text/html");
      const listing = JSON.parse(source.getElementById("json").textContent);
      take(listing);
      const link = Object.assign(document.createElement("a"), { href: page, textContent: listing.friendly_name });
      told("Filled in from", link, ". Change what is different; keep the name only to replace it.");
      show();
      const icon = one(".page-head img", source).getAttribute("src");
      if (icon.startsWith("../icons/")) await choose(await (await fetch(new URL(icon, page))).blob());
    } catch {
      const link = Object.assign(document.createElement("a"), { href: page, textContent: "page" });
      told("Not filled in", "This workspace could not be read from here. Its ", link, " shows it all.");
    }
  }

  function take(listing) {
    const { sha, friendly_name, name, description, image_src, architecture, compatibility, compatability, uncompressed_size_mb, categories, cores, memory, gpu_count, cpu_allocation_method, docker_registry, run_config, exec_config, notes, ...rest } = listing;
    const items = [compatibility ?? compatability].flat().filter(Boolean), entries = items.filter((item) => kind(item) === "an object");
    const newest = entries.toSorted((left, right) => String(right.version).localeCompare(String(left.version), "en", { numeric: true }))[0];
    const put = (id, text) => { const control = field(id); if (control && ["string", "number"].includes(typeof text)) control.value = text; };
    put("friendly_name", friendly_name);
    put("description", description);
    put("image", schema === "1.1" ? newest?.image ?? name : name ?? newest?.image);
    put("versions", items.map((item) => item.version ?? item).filter((version) => typeof version === "string").join(", "));
    put("size", newest?.uncompressed_size_mb ?? uncompressed_size_mb);
    put("channels", [...new Set(entries.flatMap((entry) => entry.available_tags ?? []))].join(", "));
    put("categories", [categories ?? []].flat().join(", "));
    for (const box of form.querySelectorAll("[name=architecture]")) box.checked = [architecture].flat().includes(box.value);
    for (const [id, number] of Object.entries({ cores, memory, gpu_count, cpu_allocation_method, notes })) put(id, number);
    for (const [id, object] of Object.entries({ run_config, exec_config })) if (object && Object.keys(object).length) put(id, JSON.stringify(object, null, 2));
    copy = { rest, registry: docker_registry, image: value("image"), entries: new Map(entries.map((entry) => [entry.version, entry])), basis: [value("image"), value("size"), list("channels")].join("\n") };
  }
  const from = new URLSearchParams(location.search).get("from");
  if (/^[a-z0-9-]+$/.test(from ?? "")) fillFrom(from);

  // The names that are taken, once the rest is there.
  for (let number = 1; number <= Number(form.dataset.chunks); number += 1) {
    const script = Object.assign(document.createElement("script"), { src: `../storefront/search-${number}.js` });
    script.onload = () => { names = new Map(globalThis.storefront.flat().map((listing) => [listing[1], `workspace/${listing[0]}.html`])); show(); };
    document.head.append(script);
  }
  show();
})();
