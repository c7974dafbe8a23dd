// Reading a file in with its progress. Without this script the answer comes when it is over.
"use strict";

{
const form = document.getElementById("import");
const box = document.getElementById("import-progress");
const report = document.getElementById("report");
const bar = box.querySelector("progress");
const said = box.querySelector("p");
let stop = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (stop) return;
  run().catch(() => { said.textContent = form.dataset.failed; }).finally(() => { stop = null; });
});
box.querySelector("button").addEventListener("click", () => stop && stop.abort());

async function run() {
  stop = new AbortController();
  box.hidden = false;
  report.replaceChildren();
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form), signal: stop.signal,
    headers: { Accept: "application/x-ndjson" },
  });
  if (!(answer.headers.get("content-type") || "").startsWith("application/x-ndjson")) {
    // A page instead of progress: it says what is wrong.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    document.getElementById("content").replaceWith(page.getElementById("content"));
    const wrong = document.getElementById("wrong");
    if (wrong) wrong.focus();
    return;
  }
  let rest = "";
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) told(JSON.parse(line));
  }
}

function told(line) {
  if (line.progress) {
    bar.max = line.progress.of || 1;
    bar.value = line.progress.done;
    said.textContent = form.dataset.progress.replace("{done}", line.progress.done).replace("{of}", line.progress.of);
  } else if (line.html) {
    box.hidden = true;
    const page = new DOMParser().parseFromString(line.html, "text/html");
    report.replaceChildren(...page.body.children);
    const next = form.querySelector('input[name="commit"][value="yes"]');
    if (form.querySelector('input[name="commit"]:checked').value === "no") next.checked = true;
    report.focus();
  } else if (line.problem) {
    said.textContent = line.problem[document.documentElement.lang] || form.dataset.failed;
  }
}
}
