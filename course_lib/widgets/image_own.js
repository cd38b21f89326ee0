// Una escena propia: los controles con que se dibuja. Solo aparecen si Python contesta; el dibujo y la respuesta son suyos.

const CHOICES = { shape: "figura", color: "color", size: "tamaño" };
const AXES = { x: "x: hacia la derecha", y: "y: hacia abajo" };

// Los controles de una figura, que empieza siendo la `i` de cada lista; `changed` corre al mover uno.
function thingBox(choices, i, changed) {
  const selects = Object.entries(choices).map(([field, values]) => {
    const select = h("select", { onchange: changed },
      ...values.map((value) => h("option", { value, selected: value === values[i] }, value)));
    return [field, select, h("label", {}, h("span", {}, CHOICES[field]), select)];
  });
  const ranges = Object.entries(AXES).map(([field, name]) => {
    const shown = h("output", {});
    const tell = () => (shown.textContent = number(Number(range.value)));
    const range = h("input", { type: "range", min: 0, max: 1, step: 0.01,
      value: field === "x" ? [0.27, 0.73][i] : 0.5, oninput: () => { tell(); changed(); } });
    tell();
    return [field, range, h("label", {}, h("span", {}, name), range, shown)];
  });
  const node = h("fieldset", { class: "lm-thing", hidden: i > 0 },
    h("legend", {}, ["primera figura", "segunda figura"][i]), ...[...selects, ...ranges].map((part) => part[2]));
  return { node, value: () => Object.fromEntries([...selects.map(([field, select]) => [field, select.value]),
    ...ranges.map(([field, range]) => [field, Number(range.value)])]) };
}

// Lo que se le manda a Python; sin pregunta (null) solo dibuja.
export const request = (boxes, question) => JSON.stringify({
  things: boxes.filter(({ node }) => !node.hidden).map((box) => box.value()), question });

function ownScene({ listen, move, send }) {
  const boxes = []; // los controles de las dos figuras
  const pending = []; // lo pedido que Python no ha contestado, en orden: «draw» o «ask»
  let timer;
  const demand = (kind, question) => {
    clearTimeout(timer);
    pending.push(kind);
    send({ kind: "prompt", text: request(boxes, question) });
  };
  const draw = () => {
    clearTimeout(timer);
    timer = setTimeout(() => demand("draw", null), 150);
  };
  const ask = () => {
    button.disabled = true;
    status.textContent = "Calculando…";
    demand("ask", input.value);
  };
  const input = h("input", { type: "text", maxlength: 200, value: "¿Qué hay en la imagen?",
    onkeydown: (event) => { if (event.key === "Enter" && !button.disabled) ask(); } });
  const button = h("button", { type: "button", onclick: ask }, "Preguntar");
  const back = h("button", { type: "button", hidden: true, onclick: () => move({ own: "" }) }, "Volver a las escenas");
  const status = h("span", { class: "lm-status", role: "status" });
  const second = h("input", { type: "checkbox",
    onchange: () => { boxes[1].node.hidden = !second.checked; draw(); } });
  const box = kernelBox(listen, "tu pregunta", input, button, back, status);
  const node = h("details", { class: "lm-drawing" }, h("summary", {}, "Dibuja tu escena y pregunta"), box);
  listen("msg:custom", ({ kind, text }) => {
    if (kind !== "done" && kind !== "error") return;
    const asked = pending.shift() === "ask";
    if (asked) button.disabled = false;
    if (asked || !button.disabled) {
      status.textContent = kind === "error" ? text : asked ? "Listo: es la respuesta que ves." : "";
    }
  });
  send({ kind: "ping" }); // sin Python detrás nadie contesta y los controles no aparecen
  const paint = (choices, own) => {
    back.hidden = !own;
    if (boxes.length) return;
    boxes.push(...[0, 1].map((i) => thingBox(choices, i, draw)));
    box.prepend(boxes[0].node,
      h("label", { class: "lm-second" }, second, h("span", {}, "con otra figura")), boxes[1].node);
  };
  return { node, paint, stop: () => clearTimeout(timer) };
}
