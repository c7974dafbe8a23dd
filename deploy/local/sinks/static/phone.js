// New messages appear by themselves: the page is fetched again and its live parts replaced,
// so that what is being typed stays.
"use strict";

const EVERY = 2000;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.innerHTML = now.innerHTML;
    }
  }
}

setInterval(() => refresh().catch(() => {}), EVERY);
