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
  let picture, names = [];

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
        if (text[at] !== ",") wrong(`a comma or ${end} is expected here`);
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

  const host = (image) => { const first = image.split("/")[0]; return image.includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"; };
  const isVersion = (text) => /^\d{1,9}\.\d{1,9}(\.(\d{1,9}|x))?$/.test(text);
  const isWhole = (text) => /^\d{1,9}$/.test(text);

  // The errors and hints of all fields, and the workspace as far as it can be read.
  function look() {
    const errors = new Map(), hints = [];
    const wrong = (name, message) => { if (!errors.has(name)) errors.set(name, message); };
    const needed = (name, message) => { if (!value(name)) wrong(name, message); return value(name); };

    const workspace = {};
    workspace.friendly_name = needed("friendly_name", "A workspace needs a name.");
    if (names.includes(workspace.friendly_name.toLowerCase())) hints.push(["This registry has a workspace of this name", "Two of one name are hard to tell apart."]);
    const image = needed("image", "A workspace needs an image.");
    const reference = /^(?:(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?|[A-Za-z0-9.-]+:\d+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\/)?[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*(?<tag>:[\w][\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$/.exec(image);
    if (image && !reference) wrong("image", /^docker\s+pull\s/.test(image) ? "Leave out “docker pull”: only the name is wanted." : /[A-Z]/.test(image.split(":")[0]) ? "The name of an image is in lower case." : "This is not the name of an image.");
    else if (image && !reference.groups.tag && !reference.groups.digest) hints.push(["The image has no tag", "Without one it means “latest”, which changes under your users."]);
    else if (reference?.groups.tag === ":latest") hints.push(["The tag “latest” changes under your users", "Name the tag of a release."]);
    if (schema === "1.0") workspace.name = image;
    workspace.description = needed("description", "Say in a sentence what it is.");
    workspace.docker_registry = host(image) === "docker.io" ? "https://index.docker.io/v1/" : `https://${host(image)}/`;
    workspace.image_src = `${slug()}.png`;
    if (!picture) wrong("icon", "Choose a picture.");
    workspace.architecture = [...form.querySelectorAll("[name=architecture]:checked")].map((box) => box.value);
    if (!workspace.architecture.length) wrong("architecture", "Choose at least one.");

    const versions = list("versions"), bad = versions.find((version) => !isVersion(version));
    if (!versions.length) wrong("versions", "Name at least one, such as 1.18.x.");
    if (bad !== undefined) wrong("versions", `“${bad}” is not a version such as 1.18.x.`);
    const size = value("size"), megabytes = isWhole(size) ? Number(size) : 0;
    if (!isWhole(size)) wrong("size", /^\d+(\.\d+)?\s*[GM]B$/i.test(size) ? "Write whole megabytes without a unit." : "Write whole megabytes such as 2643.");
    else if (Number(size) === 0) hints.push(["The size is 0", "Nobody can tell whether it fits. “quayside publish sizes” measures it."]);
    const channels = list("channels"), badTag = channels.find((tag) => !/^[\w][\w.-]{0,127}$/.test(tag));
    if (badTag !== undefined) wrong("channels", `“${badTag}” is not a tag.`);
    if (schema === "1.0") {
      workspace.compatibility = versions;
      workspace.uncompressed_size_mb = megabytes;
    } else {
      workspace.compatibility = versions.map((version) => ({ version, image, uncompressed_size_mb: megabytes, ...(channels.length ? { available_tags: channels } : {}) }));
    }
    const categories = list("categories");
    if (categories.length > 3) wrong("categories", "At most 3 are shown.");
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
        const found = read(text);
        if (found === null || typeof found !== "object" || Array.isArray(found)) throw Object.assign(new Error("an object is expected: properties between { and }"), { place: 0 });
        workspace[name] = found;
      } catch (error) {
        const before = text.slice(0, error.place).split("\n");
        lines.set(name, before.length);
        wrong(name, `Line ${before.length}, column ${[...before.at(-1)].length + 1}: ${error.message}.`);
      }
    }
    if (value("notes")) workspace.notes = value("notes");
    return { workspace, errors, hints, lines, flags: warnings(workspace.run_config, workspace.exec_config), size: megabytes };
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
    one("span", place).textContent = shown;
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

  function check(kind, title, text) {
    const item = field(`check-${kind}`).content.firstElementChild.cloneNode(true);
    one("h3", item).textContent = title;
    one("p", item).textContent = text;
    return item;
  }

  const titles = { user_error: "Runs as another user than 1000", privilege: "Runs in privileged mode" };
  function show() {
    const { workspace, errors, hints, lines, flags, size } = look();
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
      ...flags.map(({ section, property, value, id }) => check("warn", titles[id] ?? `Sets ${property}`, `${section}: ${property}: ${JSON.stringify(value)} (${id}). Administrators see this before they install it.`)),
      ...hints.map(([title, text]) => check("warn", title, text)),
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
  field("icon").addEventListener("change", async () => {
    const [file] = field("icon").files;
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
  });

  // A zip whose files are stored as they are.
  const table = Uint32Array.from({ length: 256 }, (_, at) => { let sum = at; for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1; return sum; });
  const crc = (bytes) => { let sum = -1; for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8); return (sum ^ -1) >>> 0; };
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
  form.addEventListener("input", show);
  form.addEventListener("focusout", (event) => { if (event.target.name) { touched.add(event.target.name); show(); } });
  one(".tile-open", one("#preview")).removeAttribute("href");

  // The names that are taken, once the rest is there.
  for (let number = 1; number <= Number(form.dataset.chunks); number += 1) {
    const script = Object.assign(document.createElement("script"), { src: `../storefront/search-${number}.js` });
    script.onload = () => { names = globalThis.storefront.flat().map((listing) => listing[1].toLowerCase()); show(); };
    document.head.append(script);
  }
  show();
})();
