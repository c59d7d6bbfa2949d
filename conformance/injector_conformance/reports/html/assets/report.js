// Adds to a page that is complete without it: filters, copy buttons, a choice of colours.
"use strict";

(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Colours: the system's, until somebody chooses.
  const THEMES = { automatic: "light", light: "dark", dark: "automatic" };
  const theme = one("#theme");
  const remembered = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const paint = (name) => {
    if (name === "automatic") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.dataset.name = name;
    theme.textContent = `Colours: ${name}`;
  };
  paint(remembered() in THEMES ? remembered() : "automatic");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const next = THEMES[theme.dataset.name];
    paint(next);
    try { localStorage.setItem("theme", next); } catch { /* it holds until the page is left */ }
  });

  // Filters. A requirement is shown if its status, chapter and level fit and it holds all words.
  const form = one("#filters");
  const [words, status, chapter, level] =
    ["#words", "#status", "#chapter", "#level"].map((selector) => one(selector, form));
  const rows = new Map(all("[data-for]").map((row) => [row.dataset.for, row]));
  const requirements = all(".requirement").map((article) => ({
    article,
    row: rows.get(article.id),
    chapter: article.closest("[data-chapter]").dataset.chapter,
    status: article.dataset.status.split(" "),
    level: article.dataset.level,
    text: null,
    cases: one("details.cases", article),
    seen: one("details.seen", article),
  }));
  const groups = all("[data-chapter]").map((group) =>
    [group, all("[data-for], .requirement", group)]);
  const folds = all("details[data-fold]").map((fold) =>
    [fold, all("[data-for], .requirement", fold)]);
  const holds = (text, wanted) => wanted.every((word) => text.includes(word));
  const textOf = (node) => node.textContent.toLowerCase();

  const fits = (requirement, wanted, statuses) => {
    if (chapter.value && requirement.chapter !== chapter.value) return false;
    if (level.value && requirement.level !== level.value) return false;
    if (statuses.length && !statuses.some((name) => requirement.status.includes(name))) return false;
    if (!wanted.length) return true;
    requirement.text ??= textOf(requirement.article);
    return holds(requirement.text, wanted);
  };

  // What a filter has unfolded is folded again when it goes; what somebody unfolded stays.
  const unfold = (details, wanted) => {
    if (wanted) {
      if (!details.open) { details.open = true; details.dataset.opened = ""; }
    } else if ("opened" in details.dataset) {
      details.open = false;
      delete details.dataset.opened;
    }
  };

  // Within a requirement, cases that hold the words come forward, if any does.
  const narrow = ({ cases, seen }, wanted) => {
    if (seen) unfold(seen, wanted.length > 0 && wanted.some((word) => textOf(seen).includes(word)));
    if (!cases) return;
    const rows = all("tbody tr, .passed li", cases);
    const found = wanted.length ? rows.filter((row) => holds(textOf(row), wanted)) : [];
    for (const row of rows) row.hidden = found.length > 0 && !found.includes(row);
    unfold(cases, found.length > 0);
  };

  let before = "";
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = status.value.split(" ").filter(Boolean);
    let shown = 0;
    for (const requirement of requirements) {
      const visible = fits(requirement, wanted, statuses);
      requirement.article.hidden = requirement.row.hidden = !visible;
      shown += visible;
      if (words.value !== before) narrow(requirement, wanted);
    }
    before = words.value;
    for (const [group, parts] of groups) group.hidden = parts.every((part) => part.hidden);
    const narrowed = shown < requirements.length;
    for (const [fold, parts] of folds) {
      fold.hidden = parts.every((part) => part.hidden);
      unfold(fold, narrowed && !fold.hidden);
    }
    one("#nothing").hidden = shown > 0;
    one("#shown").textContent = shown === requirements.length
      ? `${shown} requirements`
      : `${shown} of ${requirements.length} requirements shown`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();

  // A link to something that is filtered away or folded brings it back.
  const reveal = () => {
    // Anchors of this page need no escapes, so the fragment is taken as it is.
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); apply(); }
    for (let node = target.closest("details"); node; node = node.parentElement.closest("details")) {
      node.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Copy buttons.
  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };
  for (const place of all(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      button.textContent = await copy(one("code", place)) ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    place.append(button);
  }
})();
