// New messages appear while the inbox is open: the stream says that there is one, the page is
// fetched again and its list replaced. Without this script, reloading does the same.
"use strict";

const list = document.getElementById("inkorg");
const told = document.getElementById("besked");

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.getElementById("inkorg");
  if (!now || now.innerHTML === list.innerHTML) return;
  list.innerHTML = now.innerHTML;
  told.textContent = told.dataset.new;
}

if (list && "EventSource" in window) {
  const stream = new EventSource(list.dataset.stream);
  stream.onopen = () => { if (!told.textContent) told.textContent = told.dataset.live; };
  stream.onmessage = () => { refresh().catch(() => {}); };
  stream.addEventListener("reset", () => { refresh().catch(() => {}); });
}
