// The letter beside its words follows what is written: the same press on "show", by itself, when
// nobody has typed for a moment. Without this the button does it.
"use strict";

const write = document.getElementById("write");
const show = write && write.querySelector("[data-show]");
const longest = 100000;
let pause = null;
if (show) {
  write.addEventListener("input", () => {
    clearTimeout(pause);
    // A whole handbook takes seconds to set: that is for the button.
    if (write.querySelector("textarea").value.length > longest) return;
    pause = setTimeout(() => write.requestSubmit(show), 700);
  });
}
