// A map of attention (lmkit/book/attention_map.py).
{
  const { percent, chosen } = interactive;

  interactive.kinds.attention = (figure, { weights, tokens, sources }) => () => {
    const [layer, head] = [chosen(figure, "layer"), chosen(figure, "head")];
    const token = Number(figure.querySelector("input:checked").value);
    const shares = weights[layer][head][token];
    figure.querySelectorAll("ul.tokens li").forEach((item, source) => {
      item.style.setProperty("--share", shares[source]);
      item.querySelector(".number").textContent = percent(shares[source], 0);
    });
    const best = [...shares.keys()].sort((one, other) => shares[other] - shares[one]).slice(0, 3);
    const targets = best.filter(source => shares[source] > 0)
      .map(source => `${percent(shares[source], 0)} to “${sources[source]}”`);
    figure.querySelector(".said").textContent =
      `Layer ${layer + 1}, head ${head + 1}: from “${tokens[token]}” ${targets.join(", ")}.`;
  };
}
