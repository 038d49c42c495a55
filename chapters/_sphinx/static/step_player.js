// The step player (lmkit/book/step_player.py): one step at a time, with its values.
{
  const { element, chosen } = interactive;
  const SECONDS_PER_STEP = 3;
  const minus = text => text.replace("-", "−");
  const written = (hundredths, digits = 2) => minus((hundredths / 100).toFixed(digits));

  const drawText = ({ text, added }) =>
    element("p", { className: "text" }, text, ...(added ? [element("mark", {}, added)] : []));

  const drawPairs = ({ pairs }) => element("ul", { className: "pairs" },
    ...pairs.map(([upper, lower]) => element("li", {}, upper, ...(lower ? [element("span", {}, lower)] : []))));

  const drawBars = ({ names, values, digits, unit, marked }) => {
    const most = Math.max(...values);
    return element("ul", { className: "bars" }, ...names.map((name, index) => {
      const item = element("li", { className: index === marked ? "drawn" : "" },
        element("span", { className: "token" }, name), " ",
        element("span", { className: "bar" }), " ",
        element("span", { className: "number" }, minus(values[index].toFixed(digits)) + unit));
      item.style.setProperty("--share", Math.max(0, values[index] / most));
      return item;
    }));
  };

  // Parts side by side, one row per position; what a cell says when it is read goes into its data.
  const drawTable = ({ parts }, names, head, title) => {
    const numbers = parts.map(part => part.rows ?? part.heads[head]);
    const most = Math.max(1, ...numbers.flat(2).map(number => Math.abs(number ?? 0)));
    const columns = numbers.map(rows => rows[0].length);
    const groups = element("tr", {}, element("td"), ...parts.map((part, index) => {
      const shown = part.of > columns[index] ? ` (first ${columns[index]} of ${part.of})` : "";
      return element("th", { colSpan: columns[index], scope: "colgroup" }, part.title + shown);
    }));
    const header = parts[0].columns ? [element("tr", { className: "columns" }, element("td"),
      ...parts[0].columns.map(name => element("th", { scope: "col" }, element("span", {}, name))))] : [];
    const rows = names.map((name, row) => element("tr", {}, element("th", { scope: "row" }, name),
      ...parts.flatMap((part, index) => numbers[index][row].map((number, column) => {
        const cell = element("td", { className: column === 0 ? "first" : "" });
        const what = part.columns ? `${part.title} “${part.columns[column]}”` : `${part.title}, number ${column + 1}`;
        cell.dataset.said = `“${name}”, ${what}: ${number === null ? "masked" : written(number)}`;
        if (number === null) cell.classList.add("masked");
        else {
          cell.append(element("span", {}, written(number)));
          cell.style.setProperty("--share", Math.abs(number) / most);
          if (number < 0) cell.classList.add("negative");
        }
        return cell;
      }))));
    const table = element("table", { tabIndex: 0 }, element("thead", {}, groups, ...header),
      element("tbody", {}, ...rows));
    table.setAttribute("aria-label", `${title}: values. Arrow keys move from cell to cell.`);
    return table;
  };

  const DRAW = { text: drawText, pairs: drawPairs, bars: drawBars, table: drawTable };
  const HINT = "Blue is positive, orange negative, strong colour a large number. Point at a cell to read it, or focus the " +
    "table and use the arrow keys.";

  interactive.kinds.player = (figure, { rows, steps }) => {
    const find = selector => figure.querySelector(selector);
    const [slider, play, view, said] = [find("[data-choice=step]"), find(".play"), find(".view"), find(".said")];
    const parts = [...figure.querySelectorAll("[data-first]")];
    const ticks = [...figure.querySelectorAll(".ticks i")];
    let timer = null;
    let cell = null;

    const read = next => {
      cell?.classList.remove("read");
      cell = next;
      cell.classList.add("read");
      said.textContent = cell.dataset.said;
    };

    const show = () => {
      const at = chosen(figure, "step");
      const { title, caption, shape, unit, view: drawn } = steps[at];
      const part = parts.findLast(button => Number(button.dataset.first) <= at);
      const where = part.firstChild.textContent;
      parts.forEach(button => button.toggleAttribute("aria-current", button === part));
      part.setAttribute("aria-current", "step");
      ticks.forEach((tick, index) => tick.classList.toggle("now", index === at));
      find(".title").textContent = `${where}: ${title}`;
      find(".caption").textContent = caption;
      find(".shape").textContent = `Step ${at + 1} of ${steps.length}. Shape: ${shape}. Unit: ${unit}.`;
      slider.setAttribute("aria-valuetext", `step ${at + 1} of ${steps.length}, ${where}: ${title}`);
      find(".for-heads").classList.toggle("idle", !drawn.parts?.[0].heads);
      find(".for-heads select").disabled = !drawn.parts?.[0].heads;
      cell = null;
      said.textContent = drawn.kind === "table" ? HINT : "";
      view.replaceChildren(DRAW[drawn.kind](drawn, rows, chosen(figure, "head"), title));
      if (at === steps.length - 1) stop();
    };

    const move = at => {
      slider.value = at;
      show();
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    };
    const start = () => {
      if (chosen(figure, "step") === steps.length - 1) move(0);
      timer = setInterval(() => move(chosen(figure, "step") + 1), 1000 * SECONDS_PER_STEP);
      play.textContent = "Pause";
    };

    figure.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button === play) return timer === null ? start() : stop();
      stop();
      move(button.dataset.first ?? chosen(figure, "step") + Number(button.dataset.move));
    });
    slider.addEventListener("input", stop);
    view.addEventListener("pointerover", event => event.target.closest("[data-said]") && read(event.target.closest("td")));
    view.addEventListener("focusin", () => cell ?? read(view.querySelector("[data-said]")));
    figure.addEventListener("keydown", event => {
      const [across, down] = {
        ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
      }[event.key] ?? [0, 0];
      if (event.target.matches("input, select") || (across === 0 && down === 0)) return; // they have their own keys
      if (event.target.matches("table")) {
        const body = [...view.querySelectorAll("tbody tr")].map(row => [...row.querySelectorAll("td")]);
        const row = body.findIndex(cells => cells.includes(cell));
        const next = body[row + down]?.[body[row].indexOf(cell) + across];
        if (next) read(next);
      } else if (across !== 0) {
        stop();
        move(chosen(figure, "step") + across);
      } else return;
      event.preventDefault();
    });
    return show;
  };
}
