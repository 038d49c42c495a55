// A training run at its checkpoints (lmkit/book/training_scrubber.py).
{
  const { chosen } = interactive;

  // The squares of the map lie below its frame, which is the only rectangle of the still picture's empty map.
  const squares = (map, length) => {
    const frame = map.querySelector("rect");
    const [left, top, side] = [frame.x, frame.y, frame.width].map(attribute => attribute.baseVal.value);
    const cell = side / length;
    return Array.from({ length }, (_, row) =>
      Array.from({ length }, (_, column) => {
        const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        const place = { x: left + cell * column, y: top + cell * row, width: cell, height: cell };
        for (const [name, value] of Object.entries(place)) square.setAttribute(name, value);
        square.style.fill = "var(--pst-color-primary)";
        frame.before(square);
        return square;
      }),
    );
  };

  interactive.kinds.training = (figure, { steps, curves, attention }) => {
    const [input, value, said] = ["input", ".value", ".said"].map(selector => figure.querySelector(selector));
    const [chart, map] = [".chart svg", ".map svg"].map(selector => figure.querySelector(selector));
    const texts = figure.querySelectorAll(".writes p");
    const rows = squares(map, attention[0].length);
    const points = chart.querySelector("polyline").points;
    const now = chart.querySelector(".now");
    const first = points[0].x;
    return () => {
      const at = chosen(figure, "checkpoint");
      const step = steps[at].toLocaleString("en");
      input.setAttribute("aria-valuetext", `after ${step} steps`);
      value.textContent = `${step} steps`;
      now.setAttribute("transform", `translate(${points[at].x - first} 0)`);
      rows.forEach((row, from) =>
        row.forEach((square, to) => square.setAttribute("fill-opacity", attention[at][from][to])),
      );
      texts.forEach((text, number) => text.classList.toggle("idle", number !== at));
      const numbers = Object.entries(curves).map(([name, values]) => `${name} ${values[at].toFixed(2)}`);
      said.textContent = `After ${step} steps, in nats per token: ${numbers.join(", ")}.`;
    };
  };
}
