// Calculadora de tamaños: de los números de una arquitectura a parámetros, memoria, cómputo y tiempo.

// ---- las cuentas (puras; las prueba node contra course_lib.sizes)

// La arquitectura elegida; la última lleva las capas y el ancho de los controles.
export function chosenArchitecture(data, s) {
  const arch = data.architectures[s.architecture];
  if (arch.name !== data.custom) return arch;
  return { ...arch, num_layers: s.num_layers, hidden_size: s.hidden_size,
    num_heads: s.hidden_size / 64, intermediate_size: Math.floor((8 * s.hidden_size) / 3) };
}

export function countParameters(a) {
  const { vocab_size: V, hidden_size: D, num_layers: L, intermediate_size: F } = a;
  const K = a.head_dim || Math.floor(D / a.num_heads);
  const Q = a.num_heads * K;
  const KV = (a.num_key_value_heads || a.num_heads) * K;
  const bias = Number(a.bias);
  const norm = D * (1 + bias);
  const attention = D * Q + 2 * D * KV + Q * D + bias * (Q + 2 * KV + D) + 2 * K * a.qk_norm;
  const matrices = a.gated_mlp ? 3 : 2;
  const mlp = matrices * D * F + bias * ((matrices - 1) * F + D);
  return { Q, KV, parts: {
    "embeddings": V * D,
    "posiciones": (a.position_rows + a.token_types) * D,
    "atención": L * attention,
    "MLP": L * mlp,
    "normas": (L * a.norms_per_layer + a.extra_norms) * norm,
    "salida": (a.tied_head ? 0 : V * D) + a.pooler * (D * D + D),
  } };
}

// Todo lo que muestra la calculadora. `s`: los controles, cada lista por su lugar en ella.
export function compute(data, s) {
  const arch = chosenArchitecture(data, s);
  const { Q, KV, parts } = countParameters(arch);
  const total = sum(Object.values(parts));
  const bytes = Object.values(data.bytes)[s.dtype];
  const context = data.contexts[s.context];
  const { tokens, per_parameter } = data.training[s.training];
  const machine = data.hardware[s.hardware];
  const devices = data.devices[s.devices];
  const weights = total * bytes;
  const seen = (arch.num_layers - arch.window_layers) * context
    + arch.window_layers * Math.min(context, arch.window);
  const cache = 2 * seen * KV * s.batch * bytes;
  const matrices = parts["atención"] + parts.MLP + arch.vocab_size * arch.hidden_size;
  const training_tokens = tokens || per_parameter * total;
  const training = 6 * total * training_tokens;
  return { arch, parts, total, bytes, context, machine, devices, weights, training_tokens, training,
    cache: arch.kind === "decodificador" ? cache : 0,
    flops: 2 * matrices + 4 * Q * seen,
    seconds: training / (machine.peak_flops * devices * s.utilization),
    training_bytes: 16 * total };
}

// ---- escribir cantidades

// Tres cifras significativas, sin exponente.
function digits(x) {
  if (x === 0) return "0";
  const rounded = Number(x.toPrecision(3));
  return rounded.toFixed(Math.max(0, 2 - Math.floor(Math.log10(rounded))));
}

// El número en la mayor unidad que no pase de él; `units`: [[valor, nombre], ...] de mayor a menor.
function inUnits(x, units) {
  const [size, name] = units.find(([size]) => Number(x.toPrecision(3)) >= size) || units.at(-1);
  return `${digits(x / size)} ${name}`.trim();
}
const count = (x) => inUnits(x, [[1e12, "billones"], [1e9, "mil millones"], [1e6, "millones"], [1, ""]]);
const memory = (x) => inUnits(x, [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "bytes"]]);
const DAY = 86400;
const time = (x) => inUnits(x, [[365.25 * DAY, "años"], [DAY, "días"], [3600, "horas"], [60, "minutos"],
  [1, "segundos"]]);

function power(x) {
  const exponent = Math.floor(Math.log10(Number(x.toPrecision(3))));
  const raised = String(exponent).replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
  return `${digits(x / 10 ** exponent)}·10${raised}`;
}

// ---- la vista

function build({ root }) {
  const title = line("prompt");
  const shape = line("detail");
  const cards = h("div", { class: "lm-stats" });
  const bar = h("div", { class: "lm-mass", "aria-hidden": "true" });
  const list = h("ul", { class: "lm-parts" });
  const fits = line("note");
  const paint = ({ data, s }) => {
    const r = compute(data, s);
    root.closest(".lm-lab")?.classList.toggle("lm-fixed", r.arch.name !== data.custom);
    title.textContent = `${r.arch.name}: ${count(r.total)} de parámetros`;
    shape.textContent = `${r.arch.kind}: L = ${r.arch.num_layers} capas, ancho d = `
      + `${r.arch.hidden_size}, vocabulario V = ${r.arch.vocab_size}`;
    cards.replaceChildren(...stats(figures(r, s)));
    const present = Object.entries(r.parts).filter(([, n]) => n > 0);
    bar.replaceChildren(...strip(present.map(([name, n]) => [partClass(name), n / r.total])));
    list.replaceChildren(...present.map(([name, n]) => h("li", { "data-part": name, "data-n": n },
      h("i", { class: `lm-swatch ${partClass(name)}` }), `${name}: ${count(n)} `,
      h("b", {}, percent(n / r.total)))));
    fits.textContent = sentence(r);
    return { shown: { name: r.arch.name, total: r.total, weights: r.weights, cache: r.cache,
      flops: r.flops, training: r.training, seconds: r.seconds },
    said: `${title.textContent}. Pesos: ${memory(r.weights)}. Entrenarlo: ${time(r.seconds)}.` };
  };
  return { parts: [title, shape, cards, bar, list, fits], paint };
}

const partClass = (name) => `lm-of-${{ "atención": "attention", "MLP": "mlp", "normas": "norms",
  "posiciones": "positions", "salida": "head" }[name] || "embeddings"}`;

function figures(r, s) {
  const each = s.batch === 1 ? "un texto" : `${s.batch} textos`;
  return [
    ["memoria de los pesos", memory(r.weights), `N × ${r.bytes} bytes`],
    ["caché de claves y valores", r.cache ? memory(r.cache) : "no usa",
      r.cache ? `${each} de ${r.context} tokens` : "un codificador lee todo de una vez"],
    ["operaciones por token", power(r.flops), `unas 2N, más la atención a ${r.context} tokens`],
    ["tokens de entrenamiento", count(r.training_tokens),
      `T; son ${digits(r.training_tokens / r.total)} por parámetro`],
    ["cómputo del entrenamiento", power(r.training), "6·N·T operaciones"],
    ["tiempo del entrenamiento", time(r.seconds),
      `${r.devices} × ${r.machine.name}, al ${Math.round(100 * s.utilization)} %`],
  ];
}

function sentence(r) {
  const need = (bytes) => Math.ceil(bytes / r.machine.memory);
  const use = need(r.weights + r.cache);
  const train = need(r.training_bytes);
  const some = (n) => (n === 1 ? `una sola ${r.machine.name}` : `al menos ${integer(n)} ${r.machine.name}`);
  return `En una ${r.machine.name} caben ${r.machine.memory / 1e9} GB. Para usarlo, pesos y caché: `
    + `${some(use)}. Para entrenarlo con Adam, a 16 bytes por parámetro y sin contar activaciones: `
    + `${some(train)}.`;
}

export default lab({ name: "size", label: "Calculadora de tamaños",
  traits: ["architecture", "num_layers", "hidden_size", "dtype", "context", "batch", "training",
    "hardware", "devices", "utilization"],
  build });
