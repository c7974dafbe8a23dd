// Leaving in a hurry: the page is replaced, so that "back" does not return to it.
// Without this script the link works as an ordinary link.
"use strict";

for (const link of document.querySelectorAll(".leave")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(link.href);
  });
}
