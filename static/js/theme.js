// Before the first paint: the reader's own choice of light or dark, kept in this browser only.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* storage may be forbidden; then the device decides */ }
})();
