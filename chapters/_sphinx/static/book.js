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
