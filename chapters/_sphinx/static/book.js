// Names for what the theme leaves nameless to a screen reader; the rest is in accessibility.py.
document.addEventListener("DOMContentLoaded", () => {
  const sidebar = document.querySelector("#pst-primary-sidebar");
  sidebar.setAttribute("role", "complementary");
  sidebar.setAttribute("aria-label", "Book");
  for (const summary of sidebar.querySelectorAll("summary")) {
    const page = summary.closest("li").querySelector("a").textContent.trim();
    summary.setAttribute("aria-label", `Pages below ${page}`);
  }
});

// Paper is white: print in the light colours, whatever the screen shows.
const root = document.documentElement;
let themeOnScreen;
window.addEventListener("beforeprint", () => {
  themeOnScreen = root.dataset.theme;
  root.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  root.dataset.theme = themeOnScreen;
});
