// Las cuentas del próximo token, puras: las prueba node contra course_lib.decoding.

const gridIndex = (grid, value) =>
  grid.reduce((best, g, i) => (Math.abs(g - value) < Math.abs(grid[best] - value) ? i : best), 0);

// El valor de la rejilla más cercano: lo que va sumado en los datos solo existe en ella.
export const snap = (grid, value) => grid[gridIndex(grid, value)];

// Tras temperatura, top-k, top-p o min-p quedan siempre los `n` primeros por logit. Los guardados uno
// a uno se suman aquí; los demás llegan sumados en `tail` = {lse, mean}: el logaritmo de la suma de
// sus pesos e^(x - x0) y la media de x - x0 con esos pesos (lo que pide la entropía).
const tailMass = (tail) => (tail ? Math.exp(tail.lse) : 0);

function prefix({ x, w }, n, tail) {
  let mass = tailMass(tail);
  let moment = tail ? mass * tail.mean : 0;
  for (let i = Math.min(n, w.length) - 1; i >= 0; i--) {
    mass += w[i];
    moment += w[i] * x[i];
  }
  return { n, tail, mass, entropy: Math.max(0, (Math.log(mass) - moment / mass) / Math.LN2) };
}

// Pesos con temperatura T, antes de todo filtro. float32, como torch: redondear z / T igual que él
// deja las probabilidades a 1e-7 de las suyas.
function tempered(prompt, grid, vocabSize, T) {
  const t = gridIndex(grid.temperature, T);
  const f = Math.fround;
  const z = prompt.logits.map((l) => f(f(l) / f(grid.temperature[t])));
  const x = z.map((v) => v - z[0]);
  const tokens = { t, z, x, w: x.map(Math.exp) };
  const rest = vocabSize > x.length ? { lse: prompt.rest.lse[t], mean: prompt.rest.mean[t] } : null;
  return { ...tokens, full: prefix(tokens, vocabSize, rest) };
}

// Cuántos quedan con cada filtro, y la suma de los que están más allá de los guardados.
// En las tablas, [n, lse, mean, n, lse, mean, ...] da la entrada j de quien llega más allá.
const farther = (flat, j) => (j >= 0 && 3 * j < flat.length
  ? { n: flat[3 * j], tail: { lse: flat[3 * j + 1], mean: flat[3 * j + 2] } } : null);

function topK({ z }, kept, k) {
  let n = Math.min(k, z.length);
  while (n < z.length && z[n] === z[n - 1]) n++; // los empates con el k-ésimo también quedan
  return { n: Math.min(n, kept.n) };
}

function topP({ w, t }, kept, p, prompt, grid) {
  const limit = Math.fround(1 - p) * kept.mass;
  let below = tailMass(kept.tail); // la masa de los menos probables que i
  if (below > limit) { // la tabla empieza en el p mayor
    const far = farther(prompt.top_p[t], grid.top_p.length - 1 - grid.top_p.indexOf(p));
    return far ?? { n: w.length };
  }
  let i = Math.min(kept.n, w.length) - 1;
  while (i > 0 && below + w[i] <= limit) below += w[i--];
  return { n: i + 1 };
}

function minP({ w, t }, kept, m, prompt, grid) {
  const far = kept.n > w.length ? farther(prompt.min_p[t], grid.min_p.indexOf(m)) : null;
  if (far) return far.n < kept.n ? far : kept;
  let n = Math.min(kept.n, w.length);
  while (n > 1 && w[n - 1] < m) n--;
  return { n };
}

// El próximo token con temperatura -> top-k -> top-p -> min-p, en el orden de transformers, y lo que
// quita cada filtro. `prompt`: uno de data.prompts; `grid`: data.grid; `s`: los controles.
export function nextToken(prompt, grid, vocabSize, s) {
  const base = tempered(prompt, grid, vocabSize, 1);
  const now = tempered(prompt, grid, vocabSize, s.temperature);
  const filters = [];
  let kept = now.full;
  const apply = (name, value, { n, tail = null }) => {
    const before = kept;
    if (n < kept.n) kept = prefix(now, n, tail);
    filters.push({ name, value, from: before.n, to: kept.n, entropy: kept.entropy,
      removed: Math.max(0, before.mass - kept.mass) / now.full.mass });
  };
  if (s.top_k > 0) apply("top_k", s.top_k, topK(now, kept, s.top_k));
  const p = snap([...grid.top_p, 1], s.top_p);
  if (p < 1) apply("top_p", p, topP(now, kept, p, prompt, grid));
  const m = snap([0, ...grid.min_p], s.min_p);
  if (m > 0) apply("min_p", m, minP(now, kept, m, prompt, grid));
  return {
    temperature: grid.temperature[now.t], filters,
    kept: kept.n, keptMass: kept.mass / now.full.mass, entropy: kept.entropy,
    temperedEntropy: now.full.entropy, baseEntropy: base.full.entropy,
    base: base.w.map((v) => v / base.full.mass), // T = 1, sin filtros
    tempered: now.w.map((v) => v / now.full.mass), // con T, sin filtros
    probs: now.w.map((v, i) => (i < kept.n ? v / kept.mass : 0)), // de la que se muestrea
    beyond: tailMass(kept.tail) / kept.mass, // su parte más allá de los tokens guardados
    removedBy: (i) => filters.find((f) => i >= f.to && i < f.from)?.name ?? null,
  };
}

// mulberry32: un generador con semilla, para que un muestreo se pueda repetir.
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Un índice al azar según `probs`; `probs.length` si cae más allá de ellos.
export function draw(probs, u) {
  for (let i = 0; i < probs.length; i++) {
    u -= probs[i];
    if (u < 0) return i;
  }
  return probs.length;
}
