// Byte-pair encoding, merge by merge (lmkit/book/merge_slider.py).
{
  const { chosen } = interactive;
  const count = number => number.toLocaleString("en");
  const decoder = new TextDecoder("utf-8", { fatal: true });

  // As lmkit.book.chips.written: as text, or two digits for each byte where a token holds part of a character.
  const written = bytes => {
    try {
      return decoder.decode(new Uint8Array(bytes)).replaceAll(" ", "␣").replaceAll("\n", "⏎");
    } catch {
      return bytes.map(byte => byte.toString(16).padStart(2, "0").toUpperCase()).join("-");
    }
  };

  interactive.kinds.merges = (figure, { steps, pairs, texts }) => {
    const [slider, value] = [figure.querySelector("input"), figure.querySelector(".value")];
    const [lines, counts] = [".pieces", ".number"].map(selector => figure.querySelectorAll(selector));
    return () => {
      const step = chosen(figure, "step");
      const merged = steps[step];
      slider.setAttribute("aria-valuetext", `${count(merged)} merges`);
      value.textContent = count(merged);
      texts.forEach(({ bytes, gone }, index) => {
        const starts = [...bytes.keys()].filter(at => at === 0 || gone[at - 1] === 0 || gone[at - 1] > merged);
        const tokens = starts.map((start, place) => [start, starts[place + 1] ?? bytes.length]);
        const signs = lines[index].querySelectorAll("i");
        for (const [start, end] of tokens) {
          const fresh = merged > 0 && gone.slice(start, end - 1).includes(merged);
          for (let at = start; at < end; at++) {
            signs[at].classList.toggle("start", at === start);
            signs[at].classList.toggle("new", fresh);
          }
        }
        const each = (bytes.length / tokens.length).toFixed(1);
        counts[index].textContent = `${bytes.length} bytes in ${tokens.length} tokens, ${each} bytes per token`;
        lines[index].setAttribute("aria-label", tokens.map(token => written(bytes.slice(...token))).join(", "));
      });
      const last = merged ? ` The last merge joined “${pairs[step].join("” and “")}”.` : "";
      figure.querySelector(".said").textContent =
        `Vocabulary of ${count(256 + merged)} tokens: 256 bytes and ${count(merged)} merges.${last}`;
    };
  };
}
