// What scripts add to the console: keys, live parts, and focus that is never lost. Every page works
// without them.
"use strict";

const told = document.getElementById("told");
const typing = (el) => el && el.closest && el.closest("input, textarea, select, [contenteditable]");

// --- keys ---------------------------------------------------------------------------------------
let went = false;
document.addEventListener("keydown", (event) => {
  const find = document.getElementById("find");
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    find.focus();
    find.select();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    find.focus();
  } else if (event.key === "?") {
    event.preventDefault();
    help();
  } else if (event.key === "g") {
    went = true;
    setTimeout(() => { went = false; }, 1500);
  } else if (went) {
    went = false;
    const link = document.querySelector(`.side nav a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
  }
});

async function help() {
  const link = document.querySelector("[data-help]");
  let dialog = document.querySelector("dialog.help");
  if (!dialog) {
    const answer = await fetch(link.href, { headers: { "Console-Live": "1" } });
    if (!answer.ok) { location.href = link.href; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    dialog = document.createElement("dialog");
    dialog.className = "help";
    dialog.setAttribute("aria-label", link.textContent);
    dialog.append(page.getElementById("keys").firstElementChild);
    const close = document.createElement("form");
    close.method = "dialog";
    const button = document.createElement("button");
    button.textContent = "OK";
    close.append(button);
    dialog.append(close);
    document.body.append(dialog);
  }
  dialog.showModal();
}

// --- what goes wrong takes the focus ------------------------------------------------------------
const wrong = document.getElementById("wrong");
if (wrong) wrong.focus();

// --- a swap never takes the focus away: the same thing, by its id, its name or its address ------
let held = null;
const named = (el) => (el.id ? `#${CSS.escape(el.id)}`
  : el.name ? `[name="${CSS.escape(el.name)}"][value="${CSS.escape(el.value || "")}"]`
  : el.getAttribute("href") ? `a[href="${CSS.escape(el.getAttribute("href"))}"]` : null);
document.addEventListener("htmx:beforeSwap", (event) => {
  const now = document.activeElement;
  held = event.detail.target.contains(now) && now !== document.body ? named(now) : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (held && document.activeElement === document.body) {
    (document.querySelector(held) || document.getElementById("content")).focus({ preventScroll: true });
  }
  held = null;
});

// --- live parts: a change of a kind makes the parts that show it ask anew -----------------------
const waiting = new Set();
let soon = null;
function changed(kind) {
  for (const part of document.querySelectorAll("[data-part]")) {
    if (kind === null || part.dataset.part.split(" ").includes(kind)) waiting.add(part.id);
  }
  if (waiting.size && soon === null) soon = setTimeout(ask, 250);
}
function ask() {
  soon = null;
  for (const id of waiting) {
    const part = document.getElementById(id);
    // What somebody is writing in is left alone until they have left it.
    if (part && typing(document.activeElement) && part.contains(document.activeElement)) {
      document.activeElement.addEventListener("blur", () => changed(null), { once: true });
      continue;
    }
    // So is a list of which somebody has chosen rows.
    if (part && part.querySelector("[form=chosen]:checked")) {
      part.addEventListener("change", () => changed(null), { once: true });
      continue;
    }
    if (part && window.htmx) window.htmx.trigger(part, "changed");
  }
  waiting.clear();
}
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent && event.detail.triggeringEvent.type === "changed") {
    event.detail.headers["Console-Live"] = "1";
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
  if (event.detail.successful && asked && asked.dataset.part) {
    told.textContent = "";
    setTimeout(() => { told.textContent = document.body.dataset.updated; }, 50);
  }
});

for (const service of (document.body.dataset.live || "").split(" ").filter(Boolean)) listen(service);

// A browser goes on by itself when a line breaks, but not when somebody answered that the service is
// away: then this asks again, ever more rarely. Either way all parts are renewed: a line on which
// nothing had come yet cannot say where it stopped.
function listen(service, patience = 1000) {
  if (!("EventSource" in window)) return;
  let over = false, broken = false;
  const stream = new EventSource(`/console/live/${service}`);
  const kinds = new Set();
  for (const part of document.querySelectorAll("[data-part]")) {
    for (const kind of part.dataset.part.split(" ")) {
      if (kind.startsWith(`${service}:`)) kinds.add(kind);
    }
  }
  for (const kind of kinds) stream.addEventListener(kind.split(":")[1], () => changed(kind));
  stream.addEventListener("reset", () => changed(null));
  stream.addEventListener("open", () => {
    patience = 1000;
    if (broken) changed(null);
    broken = false;
  });
  stream.addEventListener("error", () => {
    broken = true;
    if (over || stream.readyState !== EventSource.CLOSED) return;
    over = true;
    setTimeout(() => { listen(service, Math.min(patience * 2, 60000)); changed(null); }, patience);
  });
  stream.addEventListener("signed-out", () => {
    over = true;
    stream.close();
    told.className = "note wait";
    told.textContent = document.body.dataset.signedOut;
  });
}
