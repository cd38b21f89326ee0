// Lo que todo laboratorio hace igual: leer sus datos y sus controles, volver a dibujar cuando cambian,
// anunciarlo y, si hay Python detrás, dejar escribir un texto propio. Python une los archivos de cada
// laboratorio en un solo módulo, que termina en `export default lab({...})`; no hay empaquetador.

// Un laboratorio. `name`: su clase, lm-NOMBRE; `label`: cómo lo llama un lector de pantalla; `traits`: lo
// que mueven sus controles; `leaving`: los que al cambiar dejan el texto propio, además de `prompt`.
// `build(tools)` corre una vez y devuelve
//   parts: sus elementos, de arriba abajo;
//   paint({data, entry, own, badge, s}): los dibuja y devuelve {shown, said}, los data-* de la vista y
//     la frase que se anuncia. `entry` es el texto elegido, uno de data.prompts o el propio (`own`, y
//     entonces `badge` lo dice); `s`, los controles, {rasgo: valor};
//   dispose (opcional): lo que hay que soltar al cerrar.
// `tools`: {root, listen(evento, f), move({rasgo: valor}), send(mensaje), say(frase), page: el modelo de la página}.
export const lab = (spec) => ({ render: ({ model, el }) => mount(spec, model, el) });

function mount({ name, label, traits, leaving = [], build }, model, el) {
  const listeners = [];
  const listen = (event, f) => { model.on(event, f); listeners.push([event, f]); };
  const move = (values) => {
    for (const [trait, value] of Object.entries(values)) model.set(trait, value);
    model.save_changes();
  };
  const live = announcer();
  let data = JSON.parse(model.get("data"));
  // Quién contesta: el modelo de la página, donde el libro lo trae (inpage/offer.js); si no, Python, si lo hay.
  const page = globalThis.courseModel?.serve(name, { h, listen, move, say: live.say, data: () => data,
    get: (trait) => model.get(trait),
    emit: (message) => listeners.forEach(([event, f]) => event === "msg:custom" && f(message)) });
  const send = page?.ask ?? ((message) => model.send(message));
  const root = h("div", { class: `lm-view lm-${name}`, role: "group", "aria-label": label });
  const { parts, paint, dispose } = build({ root, listen, move, send, say: live.say, page });

  const repaint = () => {
    const own = model.get("own") ? JSON.parse(model.get("own")) : null; // own.data: lo que en él no es lo de los demás
    const texts = data.prompts ?? [];
    const { shown, said } = paint({ data: { ...data, ...own?.data }, own: Boolean(own),
      entry: own || texts[model.get("prompt")] || texts[0],
      badge: own ? h("span", { class: "lm-badge" }, "tu texto") : "",
      s: Object.fromEntries(traits.map((trait) => [trait, model.get(trait)])) });
    Object.assign(root.dataset, shown);
    live.say(said);
  };
  const leave = () => { if (model.get("own")) move({ own: "" }); };
  for (const trait of ["prompt", ...leaving]) listen(`change:${trait}`, leave);
  for (const trait of ["prompt", "own", ...traits]) listen(`change:${trait}`, repaint);
  listen("change:data", () => { data = JSON.parse(model.get("data")); repaint(); });
  // JupyterLab se queda con las flechas y las letras si llegan hasta él.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  if (page) root.append(page.box);
  if (data.prompts) root.append(ownText(model, { listen, send, leave }));
  root.append(...parts, live.node, page?.note ?? "");
  el.append(root);
  nameControls(el);
  repaint();
  return () => {
    dispose?.();
    for (const [event, f] of listeners) model.off(event, f);
  };
}

// Anuncia con calma: solo lo último, cuando el control se queda quieto.
function announcer() {
  const node = h("p", { class: "lm-hidden", role: "status" });
  let timer;
  return { node, say: (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (node.textContent = text), 500);
  } };
}

// Los controles de ipywidgets no llevan nombre para un lector de pantalla: se toma de su etiqueta.
function nameControls(el, tries = 0) {
  for (const control of el.closest(".lm-lab")?.querySelectorAll(".lm-controls > *") ?? []) {
    const label = control.querySelector(".widget-label")?.textContent;
    const parts = control.querySelectorAll(".noUi-handle, .ui-slider-handle, select");
    for (const part of parts) part.setAttribute("aria-label", label);
    const readout = control.querySelector(".widget-readout");
    readout?.setAttribute("role", "textbox");
    readout?.setAttribute("aria-label", `valor de ${label}`);
  }
  const next = tries + 1; // los controles llegan cada uno a su tiempo
  if (tries < 20) setTimeout(nameControls, 50 * next, el, next);
}

// Un cuadro para escribir que solo aparece si alguien contesta.
export function kernelBox(listen, label, input, ...more) {
  const box = h("div", { class: "lm-own", hidden: true },
    h("label", {}, h("span", {}, label), input), ...more);
  listen("msg:custom", ({ kind }) => { if (kind === "pong" || kind === "gone") box.hidden = kind === "gone"; });
  return box;
}

// Pide los datos de un texto propio. La vista dice ping y prompt; quien calcula contesta pong (o gone, si
// deja de estar), progress, done o error, y deja los datos en el rasgo `own`.
function ownText(model, { listen, send, leave }) {
  const input = h("input", { type: "text", maxlength: 600, placeholder: "Escribe aquí tu texto" });
  const button = h("button", { type: "button" }, "Calcular");
  const back = h("button", { type: "button", hidden: true, onclick: leave }, "Volver a los ejemplos");
  const bar = h("progress", { hidden: true, max: 1, "aria-label": "avance del cálculo" });
  const status = h("span", { class: "lm-status", role: "status" });
  const busy = (on, text) => {
    button.disabled = on;
    bar.hidden = !on;
    status.textContent = text;
  };
  const ask = () => {
    busy(true, "Calculando…");
    bar.removeAttribute("value");
    send({ kind: "prompt", text: input.value });
  };
  button.addEventListener("click", ask);
  input.addEventListener("keydown", (e) => { if (e.key === "Enter" && !button.disabled) ask(); });
  const box = kernelBox(listen, "tu texto", input, button, back, bar, status);
  listen("change:own", () => (back.hidden = !model.get("own")));
  listen("msg:custom", (message) => {
    if (message.kind === "progress") bar.value = message.done / message.total;
    if (message.kind === "done") busy(false, "Listo: es el texto que ves.");
    if (message.kind === "error") busy(false, message.text);
  });
  send({ kind: "ping" }); // sin Python detrás nadie contesta y el cuadro no aparece
  return box;
}
