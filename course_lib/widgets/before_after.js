// Laboratorio «Antes y después»: lo que contestó cada manera de preguntar, con sus marcas, y los aciertos de
// todas las respuestas grabadas.

// ---- las cuentas (puras; las prueba node contra Python)

const JUDGED = ["right", "first_line", "stopped", "repeats"];

// De la cifra hexadecimal de una respuesta a sus cuatro síes o noes.
export const judgement = (digit) => Object.fromEntries(
  JUDGED.map((name, bit) => [name, Boolean((parseInt(digit, 16) >> bit) & 1)]));

// Por manera de preguntar, cuántas de las `n` respuestas a un tipo de tarea: `right` aciertan, con su intervalo
// `low`, `high`; `partly` aciertan solo en la primera línea; `stopped` y `repeats`.
export function tally(kind) {
  return kind.judged.map((digits) => {
    const found = [...digits].map(judgement);
    const count = (f) => found.filter(f).length;
    const [n, right] = [found.length, count((r) => r.right)];
    const [low, high] = wilson(right, n);
    return { n, right, low, high, partly: count((r) => r.first_line && !r.right),
      stopped: count((r) => r.stopped), repeats: count((r) => r.repeats) };
  });
}

// Las respuestas al ejemplo `i` de un tipo, de las maneras `ways`.
export const replies = (data, kind, i, ways) => ways.map((w) => ({ ...data.ways[w],
  output: kind.outputs[w][i], ...judgement(kind.judged[w][i]) }));

// ---- las marcas: signo, palabra y clase; el color nunca va solo

const right = (r) => {
  if (r.right === undefined) return null; // una pregunta propia no tiene respuesta deseada
  if (r.right) return ["✓", "acierta", "lm-hit"];
  return r.first_line ? ["◐", "acierta solo en la primera línea", "lm-partly"] : ["✗", "no acierta", "lm-miss"];
};
const marks = (r, limit) => [
  right(r),
  r.stopped ? ["■", "se detuvo por sí mismo"] : ["…", `se cortó a los ${limit} tokens`],
  r.repeats ? ["↻", "repite la instrucción"] : null,
].filter(Boolean);

// ---- la vista

const range = (low, high) => `[${number(low)}, ${number(high)}]`;
const quoted = (text) => h("q", {}, text);
const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const short = (text, most = 70) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Lo que se escribió, con cada salto de línea a la vista.
const written = (text) => h("p", { class: "lm-written" }, ...(text
  ? text.split(/(\n)/).map((part) => (part === "\n"
    ? h("span", { class: "lm-mark" }, h("span", { "aria-hidden": "true" }, "↵"), "\n") : part))
  : [h("span", { class: "lm-detail" }, "(no escribió nada)")]));

function card(r, limit) {
  const told = marks(r, limit);
  return h("li", { class: `lm-reply ${right(r)?.[2] ?? ""}`, "data-way": r.name, "data-right": r.right,
    "data-first": r.first_line, "data-stopped": r.stopped, "data-repeats": r.repeats },
  h("p", { class: "lm-title" }, r.name),
  r.model && r.model !== r.name ? line("detail", r.model) : null,
  written(r.output),
  h("p", { class: "lm-marks" }, ...told.map(([sign, text, kind = ""]) =>
    h("span", { class: kind }, h("span", { "aria-hidden": "true" }, `${sign} `), text))));
}

function question(kind, i) {
  const [instruction, input, [wanted, ...also]] = kind.examples[i];
  const others = also.flatMap((text, j) => [j ? ", " : "; también vale ", quoted(text)]);
  return [line("prompt", instruction), input ? line("input", input) : null,
    line("wanted", "respuesta deseada: ", quoted(wanted), ...others)].filter(Boolean);
}

function counts(data, kind, ways) {
  const rows = tally(kind).map((t, w) => [{ "data-way": data.ways[w].name, "data-n": t.n,
    "data-right": t.right, "data-low": t.low, "data-high": t.high, "data-partly": t.partly,
    "data-stopped": t.stopped, "data-repeats": t.repeats, class: ways.includes(w) ? "lm-best" : "" },
  h("th", { scope: "row" }, data.ways[w].name), `${t.right} de ${t.n}`, range(t.low, t.high),
  h("td", {}, track(
    h("span", { class: "lm-bar", style: `left:${100 * t.low}%;right:${100 * (1 - t.high)}%` }),
    h("span", { class: "lm-tick", style: `left:${(100 * t.right) / t.n}%` }))),
  t.partly, t.stopped, t.repeats]);
  return table({ kind: "lm-counts", rows,
    columns: ["manera", "aciertos", "95\u202f%", "de 0 a 1", "solo 1.ª línea", "se detuvo", "repite"] });
}

function summary(found) {
  if (found.length === 0) return "Elige al menos una manera de preguntar.";
  const hits = found.filter((r) => r.right).length;
  const partly = found.filter((r) => r.first_line && !r.right).length;
  const ended = found.filter((r) => r.stopped).length;
  return `De ${plural(found.length, "respuesta", "respuestas")}: ${plural(hits, "acierta", "aciertan")}, `
    + `${plural(partly, "acierta", "aciertan")} solo en la primera línea y `
    + `${plural(ended, "se detuvo", "se detuvieron")} por sí ${ended === 1 ? "misma" : "mismas"}.`;
}

const PARTS = { choose: "para elegir", final: "para el final" };

// Qué maneras se ven: una casilla por cada una. Se construyen una vez, para que el foco no se pierda.
function chooser(move) {
  const boxes = [];
  const node = h("fieldset", { class: "lm-ways" }, h("legend", {}, "maneras de preguntar"));
  const change = () => move({ ways: boxes.flatMap((box, w) => (box.checked ? [w] : [])) });
  const paint = (data, ways) => {
    if (boxes.length !== data.ways.length) {
      boxes.splice(0, Infinity, ...data.ways.map(() => h("input", { type: "checkbox", onchange: change })));
      node.replaceChildren(node.firstChild,
        ...boxes.map((box, w) => h("label", {}, box, data.ways[w].name)));
    }
    boxes.forEach((box, w) => (box.checked = ways.includes(w)));
  };
  return { node, paint };
}

// Qué ejemplo se lee: una lista que cambia con el tipo de tarea.
function picker(move) {
  const select = h("select", { "aria-label": "ejemplo", onchange: () => move({ example: Number(select.value) }) });
  let listed;
  const paint = (kind, i) => {
    if (listed !== kind) {
      select.replaceChildren(...kind.examples.map(([instruction, input], j) =>
        h("option", { value: j }, `${j + 1}. ${short(input || instruction)}`)));
    }
    listed = kind;
    select.value = i;
  };
  return { node: h("label", { class: "lm-example" }, h("span", {}, "ejemplo"), select), paint };
}

function build({ move }) {
  const [pick, ways] = [picker(move), chooser(move)];
  const asked = h("div", { class: "lm-asked" });
  const cards = h("ul", { class: "lm-replies" });
  const note = line("note");
  const cut = line("caption", "Sin plantilla, si el modelo empieza por su cuenta otra «Instrucción:», lo que sigue "
    + "no se muestra.");
  const counted = line("caption");
  const list = h("div", { class: "lm-scroll", tabindex: 0, role: "group",
    "aria-label": "Aciertos de cada manera de preguntar" });
  const paint = ({ data, entry: own, badge, s }) => {
    const kind = data.kinds[s.kind];
    const i = Math.min(s.example, kind.examples.length - 1);
    const found = own ? own.answers : replies(data, kind, i, s.ways);
    pick.paint(kind, i);
    ways.paint(data, s.ways);
    ways.node.hidden = Boolean(own);
    asked.replaceChildren(...(own ? [line("prompt", badge, own.text)] : question(kind, i)));
    cards.replaceChildren(...found.map((r) => card(r, data.max_new_tokens)));
    note.textContent = own ? "A una instrucción propia no se le conoce la respuesta deseada: júzgala tú."
      : summary(found);
    counted.textContent = `Los ${kind.judged[0].length} ejemplos de «${kind.name}» (de los tipos ${PARTS[kind.split]}), no `
      + "solo los que se leen arriba. Un acierto es la respuesta entera; el intervalo del 95\u202f% es el de Wilson.";
    list.replaceChildren(counts(data, kind, s.ways));
    return { shown: { kind: kind.name, example: i }, said: note.textContent };
  };
  return { parts: [pick.node, ways.node, asked, cards, cut, note, counted, list], paint };
}

export default lab({ name: "before-after", label: "Laboratorio «Antes y después»",
  traits: ["kind", "example", "ways"], leaving: ["kind", "example"], build });
