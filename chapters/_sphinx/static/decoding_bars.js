// Bars of a distribution (lmkit/book/decoding_bars.py).
{
  const { percent, sum, chosen } = interactive;

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

  interactive.kinds.decoding = (figure, { logits, k: choices }) => () => {
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
}
