// Un Transformer pequeño entero: su archivo, su tokenizador, sus cuentas y el sorteo. Lo prueba node contra Python.

// ---- el archivo (cómo es, en course_lib/experiments/stories/export.py)

// {config, tokenizer, tensors: {nombre: {rows, columns, values, scales}}}; las matrices son enteros de 8 bits con una
// escala por fila, y lo demás, float32. Nada se copia: todo señala dentro de `buffer`.
export function readModel(buffer) {
  const bytes = new Uint8Array(buffer);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== "CLM1") throw new Error("El archivo no empieza por «CLM1»: no es un modelo del curso, o llegó dañado.");
  const length = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const base = 8 + length;
  const tensors = {};
  for (const { name, shape, dtype, offset, scales } of header.tensors) {
    const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
    const kind = { int8: Int8Array, float32: Float32Array }[dtype];
    if (!kind) throw new Error(`El modelo trae pesos ${dtype} y aquí se leen de 8 bits: expórtalo con bits=8.`);
    tensors[name] = { rows, columns, values: new kind(buffer, base + offset, rows * columns),
      scales: scales === undefined ? new Float32Array(rows).fill(1) : new Float32Array(buffer, base + scales, rows) };
  }
  return { config: header.config, tokenizer: header.tokenizer, tensors };
}

// ---- el tokenizador: BPE de bytes

// GPT-2 escribe cada byte con un carácter visible; los que no lo tienen, del 256 en adelante.
const LETTER_OF = (() => {
  const letters = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    letters.push(String.fromCodePoint(visible ? byte : next++));
  }
  return letters;
})();
const BYTE_OF = new Map(LETTER_OF.map((letter, byte) => [letter, byte]));
// Los trozos entre los que nunca se une nada: palabras con su espacio, cifras, signos y espacios.
const SPLIT = new RegExp("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{White_Space}\\p{L}\\p{N}]+"
  + "|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+", "gu");

export function makeTokenizer({ tokens, merges, bos, eos }) {
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const rankOf = new Map(merges.map((pair, rank) => [pair.join(" "), rank]));
  const bytesOf = tokens.map((token, id) =>
    (id === bos || id === eos ? new Uint8Array() : Uint8Array.from(token, (letter) => BYTE_OF.get(letter))));

  // Une, mientras haya, el par que se aprendió antes.
  const join = (parts) => {
    for (;;) {
      let [best, at] = [Infinity, -1];
      for (let i = 0; i + 1 < parts.length; i++) {
        const rank = rankOf.get(`${parts[i]} ${parts[i + 1]}`) ?? Infinity;
        if (rank < best) [best, at] = [rank, i];
      }
      if (at < 0) return parts;
      const [left, right] = [parts[at], parts[at + 1]];
      const joined = [];
      for (let i = 0; i < parts.length; i++) {
        const both = parts[i] === left && parts[i + 1] === right;
        joined.push(both ? left + right : parts[i]);
        if (both) i++;
      }
      parts = joined;
    }
  };
  const encode = (text) => [bos, ...(text.match(SPLIT) ?? []).flatMap((chunk) =>
    join(Array.from(new TextEncoder().encode(chunk), (byte) => LETTER_OF[byte])).map((token) => idOf.get(token)))];

  // Una función que da, token por token, el texto que cada uno completa: una letra puede ocupar dos.
  const decoder = () => {
    const decode = new TextDecoder("utf-8", { ignoreBOM: true });
    return (id) => decode.decode(bytesOf[id], { stream: true });
  };
  // Cómo se nombra un token solo; los bytes de una letra partida, en hexadecimal.
  const name = (id) => {
    if (id === bos || id === eos) return tokens[id];
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf[id]);
    return text.includes("\ufffd")
      ? Array.from(bytesOf[id], (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`).join("") : text;
  };
  return { bos, eos, encode, decoder, name };
}

// ---- la red

// out = W x: cada fila, sus enteros por x, y al final su escala. De a cuatro, para no esperar cada suma.
function multiply({ rows, columns, values, scales }, x, out) {
  const whole = columns - (columns % 4);
  for (let r = 0, start = 0; r < rows; r++, start += columns) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let i = 0; i < whole; i += 4) {
      a += values[start + i] * x[i];
      b += values[start + i + 1] * x[i + 1];
      c += values[start + i + 2] * x[i + 2];
      d += values[start + i + 3] * x[i + 3];
    }
    for (let i = whole; i < columns; i++) a += values[start + i] * x[i];
    out[r] = scales[r] * (a + b + (c + d));
  }
}

function normalize(x, gains, eps, out) {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  const scale = 1 / Math.sqrt(squares / x.length + eps);
  for (let i = 0; i < x.length; i++) out[i] = gains[i] * x[i] * scale;
}

// cos y sen de cada posición y cada par de coordenadas, con los redondeos de float32.
function rotations(context, width, theta) {
  const f = Math.fround;
  const half = width / 2;
  const [cos, sin] = [new Float32Array(context * half), new Float32Array(context * half)];
  for (let p = 0; p < context; p++) {
    for (let i = 0; i < half; i++) {
      const angle = f(p * f(1 / f(theta ** f((2 * i) / width))));
      cos[p * half + i] = Math.cos(angle);
      sin[p * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

export function makeNetwork({ config: c, tensors }) {
  const [D, K, H, G, context] = [c.hidden_size, c.head_dim, c.num_attention_heads, c.num_key_value_heads,
    c.max_position_embeddings];
  const part = (i, name) => tensors[`blocks.${i}.${name}.weight`];
  const names = ["attn_norm", "mlp_norm", "attn.q_proj", "attn.k_proj", "attn.v_proj", "attn.o_proj",
    "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];
  const blocks = Array.from({ length: c.num_hidden_layers }, (_, i) => names.map((name) => part(i, name)));
  const [embed, head, last] = [tensors["embed.weight"], tensors["head.weight"] ?? tensors["embed.weight"],
    tensors["norm.weight"].values];
  const { cos, sin } = rotations(context, K, c.rope_theta);
  const cache = blocks.map(() => [new Float32Array(context * G * K), new Float32Array(context * G * K)]);
  // Todo lo que se usa al leer un token se reserva aquí, una vez.
  const buffer = (n) => new Float32Array(n);
  const [x, y, q, mixed, gate, up] = [buffer(D), buffer(D), buffer(H * K), buffer(H * K), buffer(c.intermediate_size),
    buffer(c.intermediate_size)];
  const [weights, logits] = [new Float64Array(context), buffer(c.vocab_size)];

  const rotate = (vector, p) => {
    const half = K / 2;
    for (let start = 0; start < vector.length; start += K) {
      for (let i = 0; i < half; i++) {
        const at = p * half + i;
        const a = vector[start + i];
        const b = vector[start + half + i];
        vector[start + i] = a * cos[at] - b * sin[at];
        vector[start + half + i] = b * cos[at] + a * sin[at];
      }
    }
  };
  // La mezcla de valores de la cabeza `h`, que mira de la posición 0 a la `p`.
  const attend = (h, p, keys, values) => {
    const from = h * K;
    const to = Math.floor(h / (H / G)) * K; // su cabeza de clave y valor
    let top = -Infinity, total = 0;
    for (let s = 0; s <= p; s++) {
      let dot = 0;
      for (let i = 0, at = s * G * K + to; i < K; i++) dot += q[from + i] * keys[at + i];
      weights[s] = dot / Math.sqrt(K);
      if (weights[s] > top) top = weights[s];
    }
    for (let s = 0; s <= p; s++) total += weights[s] = Math.exp(weights[s] - top);
    for (let i = 0; i < K; i++) {
      let sum = 0;
      for (let s = 0; s <= p; s++) sum += weights[s] * values[s * G * K + to + i];
      mixed[from + i] = sum / total;
    }
  };
  const add = () => { for (let i = 0; i < D; i++) x[i] += y[i]; };
  const step = (id, p) => {
    for (let i = 0; i < D; i++) x[i] = embed.values[id * D + i] * embed.scales[id];
    for (let l = 0; l < blocks.length; l++) {
      const [norm1, norm2, Q, Ks, V, O, W1, W2, W3] = blocks[l];
      const [keys, values] = cache[l];
      const [k, v] = slots[l][p];
      normalize(x, norm1.values, c.rms_norm_eps, y);
      multiply(Q, y, q);
      multiply(Ks, y, k);
      multiply(V, y, v);
      rotate(q, p);
      rotate(k, p);
      for (let h = 0; h < H; h++) attend(h, p, keys, values);
      multiply(O, mixed, y);
      add();
      normalize(x, norm2.values, c.rms_norm_eps, y);
      multiply(W1, y, gate);
      multiply(W2, y, up);
      for (let i = 0; i < gate.length; i++) up[i] *= gate[i] / (1 + Math.exp(-gate[i]));
      multiply(W3, up, y);
      add();
    }
  };
  // Dónde guarda cada posición su clave y su valor, dentro de la caché.
  const slots = cache.map((pair) => Array.from({ length: context }, (_, p) =>
    pair.map((whole) => whole.subarray(p * G * K, (p + 1) * G * K))));

  let known = []; // lo que ya está en la caché
  // Los logits de lo que sigue a `ids`; solo lee lo que no comparte con lo anterior. Valen hasta la próxima lectura.
  const read = (ids) => {
    let start = 0;
    while (start < ids.length - 1 && ids[start] === known[start]) start++;
    for (let p = start; p < ids.length; p++) step(ids[p], p);
    known = ids.slice();
    normalize(x, last, c.rms_norm_eps, y);
    multiply(head, y, logits);
    return logits;
  };
  return { read, context, size: c.vocab_size };
}

// ---- el sorteo: temperatura, top-k y top-p, en el orden de transformers

export function makeChooser(size) {
  const [order, model, final] = [new Uint32Array(size), new Float64Array(size), new Float64Array(size)];

  const temper = (logits, temperature, out) => {
    const best = logits[order[0]];
    let total = 0;
    for (let i = 0; i < size; i++) total += out[i] = Math.exp((logits[i] - best) / temperature);
    for (let i = 0; i < size; i++) out[i] /= total;
  };
  // Cuántos quedan, de mayor a menor: los empates con el k-ésimo también, y el que cruza p.
  const kept = (logits, { top_k: k, top_p: p }) => {
    let n = k > 0 ? Math.min(k, size) : size;
    while (n < size && logits[order[n]] === logits[order[n - 1]]) n++;
    if (p >= 1) return n;
    let mass = 0;
    for (let i = 0; i < n; i++) mass += final[order[i]];
    let tail = 0;
    while (n > 1 && tail + final[order[n - 1]] <= (1 - p) * mass) tail += final[order[--n]];
    return n;
  };
  // Llena `model` (T = 1, sin filtros), `final` (de la que se sortea) y `order`, y da el token de `u`, de 0 a 1.
  const choose = (logits, settings, u) => {
    for (let i = 0; i < size; i++) order[i] = i;
    order.sort((a, b) => logits[b] - logits[a] || a - b);
    temper(logits, 1, model);
    const greedy = settings.temperature <= 0;
    if (!greedy) temper(logits, settings.temperature, final);
    const n = greedy ? 1 : kept(logits, settings);
    let mass = 0;
    for (let i = 0; i < n; i++) mass += greedy ? 1 : final[order[i]];
    for (let i = 0; i < size; i++) final[order[i]] = i < n ? (greedy ? 1 : final[order[i]] / mass) : 0;
    const found = draw(final, u);
    return found < size ? found : order[0];
  };
  return { order, model, final, choose };
}
