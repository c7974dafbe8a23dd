// The talk form leaves no trace where the browser allows: it is fetched into the page that is
// already open, so that no address of it comes into the history, and whoever opened it by its own
// address sees that address replaced. Without this script it is an ordinary page and form.
"use strict";

const quietly = async (address, settings) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...settings });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("no page");
  const main = document.querySelector("main");
  main.className = fresh.className;
  main.replaceChildren(...fresh.childNodes);
  for (const link of document.querySelectorAll(".top [aria-current]")) link.removeAttribute("aria-current");
  document.querySelector(".top [data-quiet]")?.setAttribute("aria-current", "page");
  scrollTo(0, 0);
  (main.querySelector(".summary") || main).focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quiet]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  quietly(link.href).catch(() => location.replace(link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-quiet]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  const button = form.querySelector("button");
  button.disabled = true;
  quietly(form.action, { method: "POST", body }).catch(() => { button.disabled = false; form.submit(); });
});

if (document.querySelector("form[data-quiet]")) history.replaceState(null, "", "/");
