// Brings the figures of lmkit/book/interactive.py to life. Loaded in the head, so that book.css hides the still
// pictures before anything is painted and nothing jumps.
document.documentElement.classList.add("scripted");

{
  const percent = (share, digits) => {
    const least = 10 ** -digits;
    if (share > 0 && 100 * share < least / 2) return `<${least} %`;
    return `${(100 * share).toFixed(digits)} %`;
  };
  const sum = numbers => numbers.reduce((total, number) => total + number, 0);
  const chosen = (figure, name) => Number(figure.querySelector(`[data-choice="${name}"]`).value);

  const showAttention = (figure, { weights, tokens, sources }) => {
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

  // As lmkit.generation.top_p: the logits are sorted, the largest first.
  const choose = (logits, temperature, k, p) => {
    const powers = logits.slice(0, k).map(logit => Math.exp((logit - logits[0]) / temperature));
    const total = sum(powers);
    let before = 0; // probability of all more probable tokens together
    const kept = powers.map(power => {
      const share = before < p || p === 1 ? power / total : 0;
      before += power / total;
      return share;
    });
    const left = sum(kept);
    return kept.filter(share => share > 0).map(share => share / left);
  };

  const showDecoding = (figure, { logits, k: choices }) => {
    const [temperature, k, p] = [chosen(figure, "temperature"), choices[chosen(figure, "k")], chosen(figure, "p")];
    const shares = choose(logits, temperature, k, p);
    const values = [temperature.toFixed(2), k === logits.length ? "all" : String(k), p === 1 ? "all" : p.toFixed(2)];
    figure.querySelectorAll("input").forEach((input, number) => {
      input.setAttribute("aria-valuetext", values[number]);
      input.parentElement.querySelector(".value").textContent = values[number];
    });
    const items = [...figure.querySelectorAll(".bars li")];
    const others = items.length - 1;
    items.forEach((item, number) => {
      const share = number < others ? (shares[number] ?? 0) : sum(shares.slice(others));
      item.style.setProperty("--share", share);
      item.classList.toggle("cut", share === 0);
      item.querySelector(".number").textContent = percent(share, 1);
    });
    const entropy = sum(shares.map(share => -share * Math.log(share)));
    figure.querySelector(".said").textContent =
      `${shares.length.toLocaleString("en")} of ${logits.length.toLocaleString("en")} tokens left, ` +
      `entropy ${entropy.toFixed(3)} nats.`;
  };

  const SHOW = { attention: showAttention, decoding: showDecoding };
  document.addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll(".interactive")) {
      const data = JSON.parse(figure.querySelector("script").textContent);
      const show = () => SHOW[figure.dataset.figure](figure, data);
      figure.addEventListener("input", show);
      show();
    }
  });
}
