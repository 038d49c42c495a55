// The frame of the book's interactive figures (lmkit/book/interactive.py). Loaded in the head, so that book.css hides
// the still pictures before anything is painted and nothing jumps. Each kind of figure has a script of its own, which
// enters a function into `kinds`: it takes the figure and its data, prepares them, and returns what shows the choices.
document.documentElement.classList.add("scripted");

const interactive = {
  kinds: {},
  percent(share, digits) {
    const least = 10 ** -digits;
    if (share > 0 && 100 * share < least / 2) return `<${least} %`;
    return `${(100 * share).toFixed(digits)} %`;
  },
  sum: numbers => numbers.reduce((total, number) => total + number, 0),
  chosen: (figure, name) => Number(figure.querySelector(`[data-choice="${name}"]`).value),
  element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  },
};

document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll(".interactive")) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const show = interactive.kinds[figure.dataset.figure](figure, data);
    figure.addEventListener("input", show);
    show();
  }
});
