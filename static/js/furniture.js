// Puts into the page what only works with script (FURNITURE, rendered by the server): notices, palette, the keys.
if (document.body.dataset.stream) {
  document.body.insertAdjacentHTML("beforeend", FURNITURE);
  document.getElementById("main").before(document.getElementById("connection"));
  // Nobody finds or does anything on a wall.
  if (!document.querySelector(".top")) for (const dialog of document.querySelectorAll("body > dialog")) dialog.remove();
}
