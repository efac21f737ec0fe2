// The fast grid of "Văn bản đến": finds bodies while one types, shows their duties, records with Enter.
// Without it the same form works with a round trip per row. Finding follows tasks/finding.py.
"use strict";
(() => {
  const form = document.getElementById("ghi");
  if (!form) return;
  const at = (id) => document.getElementById(id);
  const agency = at("co-quan"), number = at("so"), dated = at("ngay"), received = at("den"), secret = at("mat");
  const list = at("goi-y"), duties = at("viec"), rows = at("vua-ghi"), failures = at("chua-ghi"), told = at("tin");
  const texts = form.dataset;

  // --- finding a body

  const SPELT = {
    ubnd: "uy ban nhan dan", hdnd: "hoi dong nhan dan", mttq: "mat tran to quoc", ubmttq: "uy ban mat tran to quoc",
    vksnd: "vien kiem sat nhan dan", vks: "vien kiem sat", tand: "toa an nhan dan", ca: "cong an", tp: "thanh pho",
    tx: "thi xa", tt: "thi tran", bch: "ban chi huy", bhxh: "bao hiem xa hoi",
  };
  const PASSED_OVER = new Set(["va", "cua", "cac"]);
  const fold = (text) => (text.replace(/[đĐ]/g, "d").normalize("NFD").toLowerCase()
    .replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) || []);

  let bodies = [];  // [label, [words, …]]
  const loaded = fetch("/van-ban-den/co-quan", { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((found) => { bodies = found.map(([label, forms]) => [label, forms.map((form_) => form_.split(" "))]); })
    .catch(() => {});

  function takes(token, words) {
    const ways = words[0].startsWith(token) ? [1] : [];
    let taken = 0, letters = 0;
    for (const word of words) {
      if (letters < token.length && word[0] === token[letters]) letters += 1;
      else if (taken === 0 || !PASSED_OVER.has(word)) break;
      taken += 1;
      if (letters === token.length) break;
    }
    if (letters === token.length && taken > 1) ways.push(taken);
    return ways;
  }

  function match(tokens, words) {
    if (!tokens.length) return [0, words.length];
    let best = null;
    for (let skipped = 0; skipped < words.length; skipped += 1) {
      for (const taken of takes(tokens[0], words.slice(skipped))) {
        const rest = match(tokens.slice(1), words.slice(skipped + taken));
        if (rest === null) continue;
        const found = [rest[0] + skipped, rest[1]];
        if (best === null || less(found, best)) best = found;
      }
    }
    return best;
  }
  const less = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

  function suggest(typed) {
    const tokens = fold(typed).slice(0, 12);
    if (!tokens.length) return [];
    const spelt = tokens.map((word) => SPELT[word] || word).join(" ");
    const hits = [];
    for (const [label, forms] of bodies) {
      let best = null;
      for (const words of forms) {
        const found = words.join(" ") === spelt ? [-1, 0] : match(tokens, words);
        if (found && (best === null || less(found, best))) best = found;
      }
      if (best) hits.push([best, label]);
    }
    hits.sort((a, b) => a[0][0] - b[0][0] || a[0][1] - b[0][1]);
    return hits.slice(0, 8).map((hit) => hit[1]);
  }

  // --- the list below the field

  let shown = [], marked = -1, chosen = agency.value;
  agency.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "goi-y"], ["aria-expanded", "false"]]) {
    agency.setAttribute(name, value);
  }

  function show(labels) {
    shown = labels;
    marked = shown.length ? 0 : -1;
    list.replaceChildren(...labels.map((label, n) => {
      const item = document.createElement("li");
      item.id = "goi-y-" + n;
      item.setAttribute("role", "option");
      item.textContent = label;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(label); number.focus(); });
      return item;
    }));
    mark();
  }

  function mark() {
    const open = shown.length > 0;
    list.hidden = !open;
    agency.setAttribute("aria-expanded", String(open));
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === marked)));
    if (open) agency.setAttribute("aria-activedescendant", "goi-y-" + marked);
    else agency.removeAttribute("aria-activedescendant");
  }

  function choose(label) {
    agency.value = label;
    chosen = label;
    show([]);
    ask();
  }

  agency.addEventListener("input", () => { chosen = ""; loaded.then(() => show(suggest(agency.value))); });
  agency.addEventListener("blur", () => {
    if (agency.value && agency.value !== chosen) settle();
    show([]);
  });

  // What was typed stands for the best body; "" where none fits.
  function settle() {
    const [best] = shown.length ? [shown[Math.max(0, marked)]] : suggest(agency.value);
    if (best) choose(best);
    return Boolean(best);
  }

  agency.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!shown.length) return;
      event.preventDefault();
      event.stopPropagation();
      marked = (marked + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
      mark();
    } else if (event.key === "Enter" && agency.value !== chosen) {
      event.preventDefault();  // first the body, then the row
      loaded.then(() => { if (settle()) number.focus(); else say(texts.nobody, true); });
    } else if (event.key === "Escape" && shown.length) {
      event.stopPropagation();
      show([]);
    }
  });

  // --- the duties of the body

  let asked = Promise.resolve(""), last = "", touched = false, seenFor = "";

  // Shows the duties when they come, unless another row is being typed by then; the answer is the promise of them.
  function ask() {
    if (!agency.value || agency.value !== chosen) return asked;
    const query = String(new URLSearchParams({ "co-quan": agency.value, so: number.value, ngay: dated.value, den: received.value }));
    if (query === last) return asked;
    last = query;
    const body = agency.value;
    asked = fetch("/van-ban-den/viec?" + query, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error("refused"))));
    asked.then((html) => {
      if (query !== last) return;
      const kept = touched ? new Set(ticked().map((box) => box.value)) : null;
      duties.innerHTML = html;
      seenFor = body;
      if (kept) for (const box of boxes()) box.checked = kept.has(box.value);
    }, () => { if (query === last) { last = ""; say(texts.offline, true); } });
    return asked;
  }

  const boxes = () => [...duties.querySelectorAll("input[name=viec]")];
  const ticked = () => boxes().filter((box) => box.checked);
  duties.addEventListener("change", () => { touched = true; });
  for (const field of [number, dated, received]) field.addEventListener("change", ask);

  // --- recording

  let queue = Promise.resolve();

  function say(text, alarm = false) {
    told.textContent = text;
    if (alarm) {
      const note = document.createElement("p");
      note.className = "said said-error";
      note.textContent = text;
      failures.querySelector(".row-note")?.remove();
      note.classList.add("row-note");
      failures.prepend(note);
    } else failures.querySelector(".row-note")?.remove();
  }

  function clear() {
    for (const field of [agency, number, dated]) field.value = "";
    at("tep").value = "";
    secret.checked = false;
    forget();
    duties.replaceChildren(quiet(duties.dataset.empty));
    agency.focus();
  }

  function forget() {
    chosen = "";
    last = "";
    seenFor = "";
    touched = false;
    show([]);
  }

  function quiet(text) {
    const line = document.createElement("p");
    line.className = "quiet";
    line.textContent = text;
    return line;
  }

  // Nothing here waits for the server while keys are pressed: the row is taken as it stands, the next one begins.
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "trung") return;  // a page that came without script
    event.preventDefault();
    event.stopPropagation();
    if (!bodies.length) await loaded;
    if (agency.value !== chosen && !settle()) { say(texts.nobody, true); agency.focus(); return; }
    const missing = incomplete();
    if (missing) { say(missing[1], true); missing[0].focus(); missing[0].select(); return; }
    const seen = seenFor === agency.value;
    if (seen && !boxes().length) { say(duties.textContent.trim(), true); number.focus(); return; }
    if (seen && !ticked().length && boxes().length) { say(texts.choose, true); boxes()[0].focus(); return; }
    const row = new FormData(form), proposed = seen ? null : ask();
    say("");
    clear();
    queue = queue.then(() => (proposed ? propose(row, proposed) : send(row)));
  });

  // What can be seen without asking: the first field that is empty or no day, and what to say of it.
  function incomplete() {
    const days = secret.checked ? [received] : [dated, received];
    if (!secret.checked && !number.value.trim()) return [number, texts.number];
    const wrong = days.find((field) => !/^\s*(\d{1,2}[/.\-\s]\d{1,2}([/.\-\s](\d{2}|\d{4}))?|\d{4}|\d{6}|\d{8}|\d{4}-\d{2}-\d{2})\s*$/.test(field.value));
    return wrong ? [wrong, texts.day] : null;
  }

  // The officer was faster than the list of duties: what is proposed counts, unless nothing clearly is.
  async function propose(row, proposed) {
    const made = document.createElement("template");
    try {
      made.innerHTML = await proposed;
    } catch {
      fail(row, null, texts.offline);
      return;
    }
    for (const box of made.content.querySelectorAll("input[name=viec]")) if (box.checked) row.append("viec", box.value);
    if (row.has("viec")) await send(row);
    else fail(row, null, made.content.querySelector("input[name=viec]") ? texts.choose : made.content.textContent.trim());
  }

  async function send(data) {
    told.textContent = texts.waiting;
    let html, done;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true", "HX-Target": "vua-ghi" } });
      if (answer.redirected) { fail(data, null, texts.signedOut); return; }
      html = await answer.text();
      done = answer.ok;
    } catch {
      fail(data, null, texts.offline);
      return;
    }
    if (!done) { fail(data, html); return; }
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    const row = made.content.firstElementChild;
    rows.querySelector('[data-paper="' + row.dataset.paper + '"]')?.remove();
    rows.prepend(row);
    at("chua-co")?.remove();
    const count = at("dem");
    count.dataset.count = String(Number(count.dataset.count) + 1);
    count.textContent = "(" + count.dataset.count + ")";
    told.textContent = texts.done + " " + data.get("so");
  }

  // What was refused waits below the grid: the officer may be typing the next row already.
  function fail(data, html, text) {
    const note = document.createElement("div");
    note.className = "said said-error failed";
    const head = document.createElement("p");
    head.textContent = data.get("co-quan") + " · " + (data.get("so") || "");
    head.className = "failed-head";
    note.append(head);
    if (html) {
      const made = document.createElement("template");
      made.innerHTML = html;
      if (made.content.querySelector("html, head, main")) note.append(made.content.querySelector("main") || quiet(texts.offline));
      else note.append(made.content);
    } else note.append(quiet(text));
    const again = document.createElement("button");
    again.type = "button";
    again.dataset.again = "";
    again.textContent = texts.edit;
    again.addEventListener("click", () => { note.remove(); restore(data); });
    note.append(again);
    note.querySelector("[data-add]")?.addEventListener("click", () => {
      note.remove();
      if (agency.value === data.get("co-quan") && number.value === data.get("so")) clear();
      data.set("trung", "them");
      agency.focus();
      queue = queue.then(() => send(data));
    });
    failures.append(note);
    told.textContent = head.textContent + " " + (text || note.textContent.trim());
  }

  function restore(data) {
    agency.value = data.get("co-quan");
    number.value = data.get("so");
    dated.value = data.get("ngay");
    received.value = data.get("den");
    secret.checked = Boolean(data.get("mat"));
    forget();
    chosen = agency.value;
    const wanted = new Set(data.getAll("viec"));
    ask().then(() => {
      if (!wanted.size) return;
      touched = true;
      for (const box of boxes()) box.checked = wanted.has(box.value);
    }, () => {});
    number.focus();
  }

  // --- keys

  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      const digit = /^Digit([1-9])$/.exec(event.code);
      if (digit) toggle(boxes()[Number(digit[1]) - 1], event);
      else if (event.code === "KeyM") toggle(secret, event);
      else if (event.code === "KeyL" || event.code === "KeyT") {
        const wanted = event.code === "KeyL" ? "[data-again]" : "[data-add]";
        const button = failures.querySelector(".failed:last-child " + wanted);
        if (button) { event.preventDefault(); button.click(); }
      } else if (event.code === "KeyZ") {
        const link = rows.querySelector("tr .tools a");
        if (link) { event.preventDefault(); link.click(); }
      }
      return;
    }
    if (event.target.name === "viec" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const all = boxes().filter((box) => box.offsetParent !== null);
      const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      if (next) next.focus();
    } else if (event.key === "Enter" && event.target.type === "checkbox" && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && form.contains(event.target)) {
      failures.querySelector(".row-note")?.remove();
      clear();
    }
  });

  function toggle(box, event) {
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  at("phim-tat").hidden = false;  // they work from here on
  if (agency.value) chosen = agency.value;
})();
