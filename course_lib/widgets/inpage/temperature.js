// El laboratorio de temperatura: la distribución entera del próximo token y varias continuaciones. Son las cuentas de
// temperature.py, con los mismos nombres: lo que viaja uno a uno y lo que suman los demás en cada posición. `random` y
// `draw` son los de next_token.js, que el programa incluye.

const SAVED = 512; // tokens que se guardan uno a uno
const pause = () => new Promise((resolve) => setTimeout(resolve)); // que la página responda mientras tanto

export async function* temperatureAnswer(engine, text, { data }) {
  const ids = await checkText(engine, text);
  const total = 1 + data.temperatures.length;
  yield { done: 0, total };
  const found = await engine.next(ids);
  const entry = { text, ...(await distribution(found, data.grid)), continuations: [],
    data: { model: engine.name, vocab_size: engine.size, writer: "esta página" } };
  entry.tokens = await engine.names(entry.ids);
  yield { done: 1, total, entry };
  const uniform = random(data.seed);
  for (const [i, T] of data.temperatures.entries()) {
    const texts = [];
    for (let n = 0; n < data.num_texts; n++) texts.push(await sample(engine, ids, found, T, data.max_new_tokens, uniform));
    entry.continuations.push(texts);
    yield { done: 2 + i, total, entry };
  }
}

function sampled({ ids, logprobs }, T, u) {
  const weights = logprobs.map((l) => Math.exp((l - logprobs[0]) / T));
  const mass = weights.reduce((a, b) => a + b, 0);
  return ids[draw(weights, u * mass)] ?? ids[0];
}

async function sample(engine, ids, first, T, limit, uniform) {
  const written = [sampled(first, T, uniform())];
  while (written.length < limit && !engine.ends.includes(written.at(-1))) {
    written.push(sampled(await engine.next([...ids, ...written]), T, uniform()));
  }
  return engine.decode(written.filter((id) => !engine.ends.includes(id)));
}

// `found`: {ids, logprobs}, de mayor a menor. Los logaritmos de las probabilidades sirven de logits: solo
// difieren en una constante.
export async function distribution({ ids, logprobs }, grid) {
  const entry = { ids: ids.slice(0, SAVED), tokens: [], logits: logprobs.slice(0, SAVED), rest: { lse: [], mean: [] },
    top_p: [], min_p: [] };
  if (logprobs.length <= SAVED) return entry;
  for (const T of grid.temperature) {
    addRest(entry, Float64Array.from(logprobs, (l) => (l - logprobs[0]) / T), grid);
    await pause();
  }
  return entry;
}

// `x`: puntajes menos el mayor. Por cada cola, el logaritmo de la suma de e^x y la media de x con esos pesos.
function addRest(entry, x, grid) {
  const [size, top] = [x.length, x[SAVED]];
  const [mass, moment] = [new Float64Array(size - SAVED), new Float64Array(size - SAVED)];
  let [m, f] = [0, 0];
  for (let i = SAVED; i < size; i++) {
    const w = Math.exp(x[i] - top);
    mass[i - SAVED] = m += w;
    moment[i - SAVED] = f += w * x[i];
  }
  const summed = (n) => [top + Math.log(mass[n - SAVED - 1]), moment[n - SAVED - 1] / mass[n - SAVED - 1]];
  const [lse, mean] = summed(size);
  entry.rest.lse.push(lse);
  entry.rest.mean.push(mean);
  let head = 0;
  for (let i = 0; i < SAVED; i++) head += Math.exp(x[i]);
  const far = (counts) => counts.filter((n) => n > SAVED).flatMap((n) => [n, ...summed(n)]);
  entry.top_p.push(far(keptByTopP(mass, Math.exp(top), head, grid.top_p)));
  entry.min_p.push(far(grid.min_p.map((p) => firstBelow(x, Math.log(p)))));
}

// Cuántos deja cada p, del mayor al menor: se quitan los menos probables mientras no sumen más de 1 - p.
function keptByTopP(mass, scale, head, ps) {
  const tail = mass[mass.length - 1];
  const total = head + scale * tail;
  let n = mass.length;
  return [...ps].reverse().map((p) => {
    const limit = Math.fround(1 - p) * total;
    while (n > 0 && scale * (tail - (n > 1 ? mass[n - 2] : 0)) <= limit) n--;
    return SAVED + n;
  });
}

function firstBelow(x, limit) {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] >= limit) low = middle + 1; else high = middle;
  }
  return low;
}
