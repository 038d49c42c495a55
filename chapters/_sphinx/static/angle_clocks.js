// Hands of rotary positions (lmkit/book/angle_clocks.py).
{
  const { chosen } = interactive;
  const circle = 2 * Math.PI;

  interactive.kinds.clocks = (figure, { speeds, arcs, trained }) => () => {
    const distance = chosen(figure, "distance");
    const input = figure.querySelector("input");
    input.setAttribute("aria-valuetext", `distance ${distance}`);
    input.parentElement.querySelector(".value").textContent = distance;
    const unknown = [];
    figure.querySelectorAll(".clocks li").forEach((clock, number) => {
      const angle = (distance * speeds[number]) % circle;
      const isNew = arcs[number] < circle && angle > arcs[number] + 1e-9;
      if (isNew) unknown.push(number + 1);
      const degrees = (angle * 360) / circle;
      clock.querySelector(".hand").setAttribute("transform", `rotate(${-degrees})`);
      clock.classList.toggle("new", isNew);
      clock.querySelector(".number").textContent = `${degrees.toFixed(1)}°${isNew ? " new" : ""}`;
    });
    figure.querySelector(".said").textContent =
      `${distance < trained ? "Training showed this distance" : "Training never showed this distance"}. ` +
      (unknown.length ? `New angles: ${unknown.length} of ${speeds.length} pairs.` : "No pair has a new angle.");
  };
}
