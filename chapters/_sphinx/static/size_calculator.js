// Parameters, memory and operations of a Llama (lmkit/book/model_sizes.py, lmkit/book/size_calculator.py).
{
  const { sum } = interactive;
  const comma = number => number.toLocaleString("en");

  const superscripts = Object.fromEntries([..."-0123456789"].map((sign, number) => [sign, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[number]]));
  const powerOfTen = number => {
    const [digits, power] = number.toExponential(2).split("e");
    return `${digits} × 10${power.replace("+", "").replace(/./g, sign => superscripts[sign])}`;
  };
  const threeDigits = number =>
    number === 0 || (number >= 0.01 && number < 999.5) ? number.toPrecision(3) : powerOfTen(number);

  interactive.kinds.sizes = (figure, { values, formats, prefixes, seconds }) => {
    const names = Object.keys(values);
    const inputs = names.map(name => figure.querySelector(`[data-choice="${name}"]`));
    const quantity = number => {
      let power = 0;
      while (Number(number.toPrecision(3)) >= 1000 && power < prefixes.length - 1) {
        number /= 1000;
        power += 1;
      }
      return threeDigits(number) + prefixes[power];
    };
    const bytes = number => quantity(number).replace(/(?<=\d)$/, " ") + "B";
    const duration = time => {
      const [unit, length] = Object.entries(seconds).findLast(([, each]) => each <= time) ?? ["s", 1];
      return `${threeDigits(time / length)} ${unit}`;
    };
    const written = (name, value) => {
      if (name === "Speed") return `${quantity(value)}FLOP/s`;
      return name === "Tokens read" ? quantity(value) : comma(value);
    };

    const show = (list, write, parts, writePart = write) => {
      list.querySelector(".legend .number").textContent = write(sum(parts));
      list.querySelectorAll("li").forEach((row, number) => {
        row.style.setProperty("--share", parts[number] / Math.max(...parts));
        row.querySelector(".number").textContent = writePart(parts[number]);
      });
    };

    return () => {
      const chosen = inputs.map((input, number) => {
        const value = values[names[number]][input.value];
        input.setAttribute("aria-valuetext", written(names[number], value));
        input.parentElement.querySelector(".value").textContent = written(names[number], value);
        return value;
      });
      const [layers, width, mostHeads, mostShared, vocabulary, context, rows, bits, tokens, speed] = chosen;
      const heads = values.Heads.findLast(number => number <= Math.min(mostHeads, width / 8));
      const shared = Math.min(mostShared, heads);
      const headWidth = width / heads;
      const attention = layers * 2 * width * (heads + shared) * headWidth;
      const feedForward = layers * 3 * width * 3.5 * width;
      const parameters = [2 * vocabulary * width, attention, feedForward, (2 * layers + 1) * width];
      const size = sum(parameters);
      const work = [6 * (attention + feedForward + vocabulary * width), 12 * layers * context * width];
      const cache = (2 * layers * rows * context * shared * headWidth * bits) / 8;
      const each = formats[interactive.chosen(figure, "Training")];
      const lists = figure.querySelectorAll(".both > div");
      show(lists[0], comma, parameters, quantity);
      show(lists[1], bytes, each.map(number => number * size));
      show(lists[2], bytes, [2 * size, cache]);
      show(lists[3], quantity, work);
      const all = sum(work) * tokens;
      const rule = ((600 * size) / sum(work)).toFixed(0);
      figure.querySelector(".said").textContent =
        `Training takes ${powerOfTen(all)} operations, or ${duration(all / speed)}. The rule 6N is ${rule} % of them. ` +
        `${heads} heads of ${headWidth}, ${shared} KV heads.`;
    };
  };
}
