// The review of a document: finds a proposal's words and back, takes selected words for a new duty. Without it the pages
// work by links and forms.
"use strict";
(() => {
  const review = document.querySelector("[data-review]");
  if (!review) return;
  const text = review.querySelector("[data-text]");
  const narrow = matchMedia("(max-width: 54rem)");

  // --- on a phone one of the two is shown

  const tabs = review.querySelector(".pane-tabs");
  tabs.hidden = false;
  function show(pane) {
    review.dataset.shown = pane;
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
  }
  tabs.addEventListener("click", (event) => { if (event.target.dataset.pane) show(event.target.dataset.pane); });
  show("work");

  // --- finding each other

  function mark(where) {
    for (const each of review.querySelectorAll(".here")) each.classList.remove("here");
    for (const each of text.querySelectorAll(`[data-of~="${where}"]`)) each.classList.add("here");
    review.querySelector(`[data-item="${where}"]`)?.classList.add("here");
  }

  function toWords(where, focus) {
    mark(where);
    const words = document.getElementById(`o-${where}`) || text.querySelector(`[data-of~="${where}"]`);
    if (!words) return;
    if (narrow.matches) show("text");
    const box = text.getBoundingClientRect(), at = words.getBoundingClientRect();
    const way = at.top - box.top - box.height / 3;
    text.scrollTo({ top: text.scrollTop + way, behavior: Math.abs(way) > 2 * box.height ? "instant" : "auto" });
    if (focus) (words.matches("a") ? words : text).focus({ preventScroll: true });
  }

  function toItem(where) {
    const item = review.querySelector(`[data-item="${where}"]`);
    if (!item) return false;
    mark(where);
    if (narrow.matches) show("work");
    item.scrollIntoView({ block: "nearest" });
    item.querySelector("a, button, input, textarea, select")?.focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    const find = event.target.closest("[data-find]");
    if (find) {
      event.preventDefault();
      toWords(find.dataset.find, true);
      return;
    }
    const words = event.target.closest("[data-of]");
    if (words && text.contains(words)) {
      if (String(getSelection())) return;
      if (toItem(words.dataset.of.split(" ")[0])) event.preventDefault();
      return;
    }
    const card = event.target.closest("[data-item]");
    if (card && !narrow.matches && !event.target.closest("a, button, input, select, textarea, summary, label")) {
      toWords(card.dataset.item, false);
    }
  });

  // --- selected words: places count characters as the server does, not UTF-16 units

  const chosen = review.querySelector("[data-selected]");

  function placeOf(node, offset) {
    const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
    if (!line || !text.contains(line)) return null;
    const before = document.createRange();
    before.selectNodeContents(line);
    before.setEnd(node, offset);
    return Number(line.dataset.at) + [...before.toString()].length;
  }

  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !String(selection).trim()) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    const lines = [...text.querySelectorAll("[data-at]")].filter((line) => range.intersectsNode(line));
    if (!lines.length) return null;
    const last = lines[lines.length - 1];
    const from = placeOf(range.startContainer, range.startOffset) ?? Number(lines[0].dataset.at);
    const to = placeOf(range.endContainer, range.endOffset) ?? Number(last.dataset.at) + [...last.textContent].length;
    return to > from ? [from, to, String(selection).replace(/\s+/g, " ").trim()] : null;
  }

  function offer() {
    const found = selected();
    if (!found) { chosen.hidden = !chosen.contains(document.activeElement); return; }
    chosen.elements.tu.value = found[0];
    chosen.elements.den.value = found[1];
    chosen.querySelector("[data-selected-words]").textContent = `“${found[2]}”`;
    chosen.hidden = false;
  }
  if (chosen) document.addEventListener("selectionchange", offer);

  review.querySelector("[data-use-quote]")?.addEventListener("click", () => {
    review.querySelector("[data-quote-from]").value = chosen.elements.tu.value;
    review.querySelector("[data-quote-to]").value = chosen.elements.den.value;
    review.querySelector("[data-quote]").textContent = chosen.querySelector("[data-selected-words]").textContent;
    getSelection().removeAllRanges();
    chosen.hidden = true;
    if (narrow.matches) show("work");
  });

  // --- several proposals at once

  const bulk = review.querySelector("[data-bulk]");
  const ticks = () => [...review.querySelectorAll("input.tick")];

  function count() {
    const said = bulk.querySelector("[data-bulk-count]"), ticked = ticks().filter((each) => each.checked).length;
    said.textContent = ticked ? `· ${said.dataset.words.replace("{n}", ticked)}` : "";
  }

  function isWanted(rule, card) {
    if (rule === "proposed") return card.classList.contains("proposed");
    if (rule === "nobody") return "nobody" in card.dataset && !card.classList.contains("ignored");
    if (!rule.startsWith("part:")) return false;
    const label = rule.slice(5), section = card.dataset.section;
    return !card.classList.contains("ignored") && (section === label || section.startsWith(`${label}.`));
  }

  if (bulk) {
    const pick = bulk.querySelector("[data-bulk-pick]");
    pick.hidden = false;
    pick.addEventListener("change", (event) => {
      for (const each of ticks()) each.checked = isWanted(event.target.value, each.closest("[data-item]"));
      count();
    });
    review.addEventListener("change", (event) => { if (event.target.matches("input.tick")) count(); });
  }

  // --- one card was exchanged: every form of the page has seen what is there now, and the keyboard stays at the card

  let at = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    at = event.target.closest("article.proposal")?.id || "";
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const state = document.getElementById("tinh-hinh");
    if (state && "lan" in event.detail.parameters) event.detail.parameters.lan = state.dataset.lan;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const state = document.getElementById("tinh-hinh");
    if (!state) return;
    if (at && document.activeElement === document.body) {
      document.getElementById(at)?.querySelector(".moves a, .moves button")?.focus({ preventScroll: true });
    }
    for (const field of review.querySelectorAll("input[name=lan]")) field.value = state.dataset.lan;
    if (bulk) count();
    for (const words of text.querySelectorAll(".time")) {
      const item = document.getElementById(words.dataset.of.split(" ")[0]);
      if (!item) continue;
      for (const kind of ["proposed", "accepted", "ignored"]) words.classList.toggle(kind, item.classList.contains(kind));
    }
  });

  const named = review.dataset.wanted || location.hash.slice(1);
  const wanted = named ? document.getElementById(named) : null;
  const opened = review.querySelector("[data-open]") || (wanted && wanted.matches("[data-item]") ? wanted : null);
  if (opened && !narrow.matches) toWords(opened.dataset.item, false);
})();
