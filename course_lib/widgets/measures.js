// Las cuentas de «¿Emerge?»: de las salidas y las semillas a los puntos de cada gráfico. Son puras; las prueba
// node contra course_lib.metrics.

const METRICS = [
  { key: "exact", name: "Exactitud estricta",
    note: "Todo o nada: con un solo token mal, la respuesta vale 0." },
  { key: "tokens", name: "Tokens correctos",
    note: "Qué parte de los tokens de la respuesta correcta acierta el modelo, uno por uno." },
  { key: "logprob", name: "Log-probabilidad por token",
    note: "Cuánta probabilidad da a la respuesta correcta, acierte o no: más cerca de 0 es mejor." },
];

// Los puntos de una tarea con el k medido más cercano a `s.k`; `floor`, lo más bajo con cualquier k.
export function taskPoints(data, s) {
  const metric = METRICS[s.metric].key;
  const measured = data.points.filter((p) => p.task === s.task).map((p) => {
    const exact = [p.right / p.n, ...wilson(p.right, p.n)];
    const [value, low, high] = metric === "exact" ? exact : p[metric] ?? [];
    return { ...p, ...data.models[p.model], value, low, high };
  });
  const ks = [...new Set(measured.map((p) => p.k))].sort((a, b) => a - b);
  const k = ks.reduce((best, each) => (Math.abs(each - s.k) < Math.abs(best - s.k) ? each : best));
  const present = measured.filter((p) => p.value !== undefined);
  return { ks, k, points: present.filter((p) => p.k === k),
    floor: metric === "logprob" ? Math.min(-0.1, ...present.map((p) => p.low)) : 0 };
}

// Por manera, los tamaños de menor a mayor. `power`: la media de p^L, con p lo que cada semilla acierta del
// primer token; `half`: cuántas aciertan más de la mitad; `jump`: la mayor subida entre tamaños vecinos.
export function familyCurves(data, s) {
  const L = s.measure === 1 ? 1 : s.length;
  const ways = s.way === 0 ? data.ways : [data.ways[s.way - 1]]; // la primera opción es verlas todas
  return ways.map((way) => {
    const members = data.family.filter((m) => m.way === way);
    const sizes = [...new Set(members.map((m) => m.parameters))].sort((a, b) => a - b);
    const groups = sizes.map((parameters) => {
      const seeds = members.filter((m) => m.parameters === parameters);
      const mean = (f) => sum(seeds.map(f)) / seeds.length;
      const half = seeds.filter((m) => m.prefix[L - 1] > 0.5).length;
      return { parameters, half, range: wilson(half, seeds.length), loss: mean((m) => m.loss),
        mean: mean((m) => m.prefix[L - 1]), power: mean((m) => m.prefix[0] ** L),
        seeds: seeds.map((m) => ({ seed: m.seed, loss: m.loss, value: m.prefix[L - 1] })) };
    });
    const steps = groups.slice(1).map((to, i) => ({ from: groups[i], to, rise: to.mean - groups[i].mean }));
    return { way, groups, jump: steps.reduce((a, b) => (b.rise > a.rise ? b : a), steps[0]) };
  });
}
