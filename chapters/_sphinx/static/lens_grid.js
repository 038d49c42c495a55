// What a model would predict at each depth, beside the truth (lmkit/book/lens_grid.py).
{
  const { percent } = interactive;

  const draw = (list, best) =>
    list.querySelectorAll("li").forEach((item, number) => {
      const [token, share] = best[number] ?? ["", 0];
      item.style.setProperty("--share", share);
      item.style.visibility = number < best.length ? "visible" : "hidden";
      item.querySelector(".token").textContent = token;
      item.querySelector(".number").textContent = percent(share, 1);
    });

  interactive.kinds.lens = (figure, { cells, truths, nats, read, depths }) => {
    const inputs = [...figure.querySelectorAll("input")];
    const lists = figure.querySelectorAll(".bars");
    const show = () => {
      const number = inputs.findIndex(input => input.checked);
      const [at, depth] = [Math.floor(number / depths.length), number % depths.length];
      draw(lists[0], cells[at][depth]);
      draw(lists[1], truths[at]);
      figure.querySelector(".where").textContent = `Read after the ${depths[depth]}`.replace("the layer", "layer");
      figure.querySelector(".said").textContent =
        `After “${read[at]}”, ${depths[depth]}: ${nats[at][depth].toFixed(2)} nats from the truth.`;
    };
    // The browser goes along the rows; up and down stay in the column.
    figure.addEventListener("keydown", event => {
      const step = { ArrowDown: depths.length, ArrowUp: -depths.length }[event.key];
      if (!step || !inputs.includes(event.target)) return;
      event.preventDefault();
      const next = inputs[inputs.indexOf(event.target) + step];
      if (!next) return;
      next.checked = true;
      next.focus();
      show();
    });
    return show;
  };
}
