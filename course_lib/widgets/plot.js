// Los ejes de un gráfico: dónde cae cada valor, qué números llevan y su rejilla.

// De un valor del eje {from, to, log} a su lugar entre `low` y `high`.
export function scale({ from, to, log }, low, high) {
  const f = log ? Math.log10 : (v) => v;
  return (v) => low + ((f(v) - f(from)) / (f(to) - f(from))) * (high - low);
}

// Números redondos de un eje; si es logarítmico, 1, 2 y 5 por potencias de 10, o solo las que quepan.
export function niceTicks({ from, to, log }, most = 6) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (log) {
    const powers = (factors) => Array.from({ length: 14 }, (_, e) => factors.map((f) => f * 10 ** e)).flat()
      .filter((x) => x >= low && x <= high);
    return [[1, 2, 5], [1, 3], [1]].map(powers).find((ticks) => ticks.length <= most) ?? powers([1]);
  }
  const rough = 10 ** Math.floor(Math.log10((high - low) / 2));
  const step = [0.2, 0.5, 1, 2, 5].map((f) => f * rough).find((each) => (high - low) / each <= 5);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

// Ejes y rejilla: cada eje lleva además {label, ticks, format}. Devuelve el SVG y dónde cae cada valor.
export function frame(width, height, x, y, attributes) {
  const [left, right, top, bottom] = [46, width - 12, 32, height - 44];
  const [px, py] = [scale(x, left, right), scale(y, bottom, top)];
  const node = svg("svg", { width, height, ...attributes },
    svg("text", { x: 2, y: 14, class: "lm-axis" }, y.label),
    svg("text", { x: right, y: height - 6, "text-anchor": "end", class: "lm-axis" }, x.label),
    ...y.ticks.flatMap((v) => [svg("path", { class: "lm-grid", d: `M${left},${py(v)}H${right}` }),
      svg("text", { x: left - 8, y: py(v) + 4, "text-anchor": "end" }, y.format(v))]),
    ...x.ticks.flatMap((v) => [svg("path", { class: "lm-grid", d: `M${px(v)},${bottom}v5` }),
      svg("text", { x: px(v), y: bottom + 20, "text-anchor": "middle" }, x.format(v))]));
  return { node, px, py, left, right, top, bottom };
}

// Una línea que une esos lugares, [[x, y], ...].
export const curve = (kind, places) => svg("path", { class: `lm-curve ${kind}`, d: `M${places.join("L")}` });
