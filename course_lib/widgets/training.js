// Laboratorio de entrenamiento: la pérdida de cada momento en su curva y el texto que el modelo escribía entonces.

const HEIGHT = 300;
const PAUSE = 1200; // milisegundos en cada momento al recorrerlos

// ---- los ejes (puros; los prueba node)

// El de los pasos es logarítmico; el paso 0, que ahí no cabe, lleva un lugar aparte a la izquierda: `zero`.
export function stepAxis(points, most) {
  const steps = points.map((p) => p.step).filter((step) => step > 0);
  const [first, last] = [steps[0], steps.at(-1)];
  const zero = steps.length < points.length ? first / Math.max(2, (last / first) ** 0.12) : null;
  const round = niceTicks({ from: first, to: last, log: true }, most);
  return { from: zero ?? first, to: last, log: true, zero, label: "paso (escala logarítmica)",
    ticks: [...(zero ? [zero] : []), ...(round.length > 1 ? round : new Set([first, last]))],
    place: (step) => step || zero, format: (v) => (v === zero ? "0" : integer(v)) };
}

// El de las pérdidas deja ver todas, y las líneas con que se comparan.
export function lossAxis({ points, floor }) {
  const losses = [...points.flatMap((p) => [p.heldout_loss, p.train_loss ?? p.heldout_loss]),
    ...floor.map(([, value]) => value)];
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const pad = 0.06 * (high - low) || 0.5;
  const axis = { from: Math.max(0, low - pad), to: high + pad };
  return { ...axis, ticks: niceTicks(axis), format: (v) => number(v, high - low < 2 ? 2 : 1),
    label: "pérdida (nats por token)" };
}

// ---- el dibujo

const SEEN = "con los textos que entrena";
const NEW = "con textos que no leyó";
const bounds = (floor) => floor.map(([name, value]) => `${name}: ${number(value)}`);

function draw(width, data, moment) {
  const [x, y, now] = [stepAxis(data.points, width < 420 ? 4 : 6), lossAxis(data), data.points[moment]];
  const f = frame(width, HEIGHT, x, y, { role: "img", "aria-label": described(data, now) });
  const at = (p, loss) => [f.px(x.place(p.step)), f.py(loss)];
  const heldout = data.points.map((p) => at(p, p.heldout_loss));
  const trained = data.points.filter((p) => p.train_loss !== null).map((p) => at(p, p.train_loss));
  const solid = heldout.slice(x.zero ? 1 : 0);
  const [cx, cy] = heldout[moment];
  f.node.append(
    ...data.floor.flatMap(([, value]) => [curve("lm-floor", [[f.left, f.py(value)], [f.right, f.py(value)]]),
      svg("text", { class: "lm-value", x: f.left + 4, y: f.py(value) - 5 }, number(value))]),
    curve("lm-train", trained), curve("lm-heldout", solid),
    ...(x.zero ? [curve("lm-apart", heldout.slice(0, 2))] : []),
    ...heldout.map(([px, py]) => svg("circle", { class: "lm-moment", cx: px, cy: py, r: 2.5 })),
    curve("lm-now", [[cx, f.top], [cx, f.bottom]]),
    svg("circle", { class: "lm-here", cx, cy, r: 6.5, "data-step": now.step, "data-loss": now.heldout_loss }));
  return f.node;
}

function described({ points, floor }, now) {
  const ends = [points[0], points.at(-1)].map((p) => number(p.heldout_loss));
  const lines = floor.length ? ` Líneas: ${bounds(floor).join("; ")}.` : "";
  const train = now.train_loss === null ? "" : ` y ${number(now.train_loss)} ${SEEN}`;
  return `Pérdida según el paso: ${NEW} va de ${ends.join(" a ")} nats por token. En el paso ${integer(now.step)}, `
    + `${number(now.heldout_loss)} ${NEW}${train}.${lines}`;
}

const figures = (p) => [
  ["pérdida, textos nuevos", number(p.heldout_loss), "nats por token"],
  ["pérdida al entrenar", p.train_loss === null ? "—" : number(p.train_loss),
    p.train_loss === null ? "aún no entrena" : "media desde el momento anterior"],
  ["perplejidad, textos nuevos", perplexity(p), "como dudar entre tantos tokens"],
];
function perplexity(p) {
  const value = Math.exp(p.heldout_loss);
  return value < 100 ? number(value, 1) : integer(Math.round(value));
}

// ---- la vista

// El botón que recorre los momentos. Con menos movimiento pedido al sistema no anda solo: avanza de a uno.
function player(move, redraw) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let [timer, moment, last] = [null, 0, 0];
  const [sign, name] = [h("span", { "aria-hidden": "true" }), h("span")];
  const button = h("button", { type: "button", class: "lm-play", onclick: () => {
    if (timer) { stop(); redraw(); } else if (still.matches) go(moment === last ? 0 : moment + 1);
    else start();
  } }, sign, name);
  const label = () => {
    const [mark, text] = timer ? ["❚❚", "Pausar"] : !still.matches ? ["▶", "Recorrer"]
      : moment === last ? ["↺", "Volver al comienzo"] : ["▸", "Siguiente"];
    sign.textContent = mark;
    name.textContent = text;
  };
  const stop = () => { clearTimeout(timer); timer = null; label(); };
  const go = (next) => { moment = next; move({ moment }); };
  const step = () => {
    timer = moment + 1 < last ? setTimeout(step, PAUSE) : null;
    go(moment + 1);
  };
  const start = () => {
    timer = setTimeout(step, PAUSE);
    if (moment === last) go(0);
    label();
  };
  still.addEventListener("change", stop);
  // Si el control se movió por su cuenta, deja de andar.
  const paint = (chosen, end) => {
    if (timer && chosen !== moment) stop();
    [moment, last] = [chosen, end];
    label();
  };
  return { button, paint, playing: () => timer !== null,
    dispose: () => { stop(); still.removeEventListener("change", stop); } };
}

function build({ move, say }) {
  let [shown, width, told] = [null, 0, ""];
  const walk = player(move, () => say(told));
  const title = line("title");
  const where = line("where");
  const cards = h("div", { class: "lm-stats" });
  const [plot, key] = [h("div", { class: "lm-plot" }), h("div", {})];
  const text = h("div", { class: "lm-sample", tabindex: 0, role: "region" });
  const redraw = () => plot.replaceChildren(draw(plot.clientWidth || 640, ...shown));
  const resize = new ResizeObserver(([{ contentRect }]) => {
    if (shown && contentRect.width !== width) redraw();
    width = contentRect.width;
  });
  resize.observe(plot);
  const paint = ({ data, s }) => {
    const last = data.points.length - 1;
    const moment = Math.max(0, Math.min(s.moment, last));
    const now = data.points[moment];
    shown = [data, moment];
    walk.paint(moment, last);
    title.textContent = data.title;
    where.replaceChildren(h("b", {}, `paso ${integer(now.step)}`),
      ` · ${integer(now.tokens)} tokens leídos`);
    redraw();
    key.replaceChildren(legend(["lm-line lm-heldout", NEW], ["lm-line lm-train", SEEN],
      ...bounds(data.floor).map((bound) => ["lm-line lm-floor", bound])));
    text.setAttribute("aria-label", `Lo que escribe en el paso ${integer(now.step)}`);
    text.replaceChildren(now.sample || h("span", { class: "lm-detail" }, "(no escribió nada)"));
    text.scrollTop = 0;
    cards.replaceChildren(...stats(figures(now)));
    told = `Paso ${integer(now.step)}, ${integer(now.tokens)} tokens leídos: pérdida `
      + `${number(now.heldout_loss)} nats por token.`;
    // Mientras anda solo no se anuncia cada momento, sino aquel en que se detiene.
    return { shown: { moment, step: now.step, tokens: now.tokens, loss: now.heldout_loss,
      playing: walk.playing() }, said: walk.playing() ? "" : told };
  };
  return { parts: [title, h("div", { class: "lm-walk" }, walk.button, where),
    h("div", { class: "lm-side" }, h("div", {}, line("caption", "Lo que escribe el modelo:"), text),
      h("div", {}, plot, key)), cards],
  paint, dispose: () => { walk.dispose(); resize.disconnect(); } };
}

export default lab({ name: "training", label: "Laboratorio de entrenamiento", traits: ["moment"], build });
