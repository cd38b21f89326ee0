// Laboratorio de imágenes: la imagen con su cuadrícula, la respuesta token por token y la atención de cada uno.

// ---- las cuentas (puras; las prueba node contra Python)

// Las palabras a que más se parece la celda `i` de una escena: [palabra, coseno].
export function cellWords(scene, i) {
  return (scene.cells?.[i] ?? []).map(([place, cosine]) => [scene.words[place], cosine / 100]);
}

// Cuánto se aclara cada celda, de 0 a 1: del todo, la más atendida.
export const clearness = (weights) => weights.map((w) => w / Math.max(1, ...weights));

// Una probabilidad o una parte, guardada en milésimas.
export const share = (n) => (n <= 0 ? "<0.1\u202f%" : n >= 1000 ? ">99.9\u202f%" : `${number(n / 10, 1)}\u202f%`);

// El juicio de una respuesta: signo, frase y clase; el color nunca va solo.
export function verdict({ answer, right, equal }) {
  if (right === null) return ["?", "No se sabe cuál es la respuesta correcta: júzgala tú.", "lm-unknown"];
  return equal ? ["✓", "Correcta.", "lm-hit"]
    : ["✗", `Incorrecta: la respuesta correcta es «${right}»${answer ? "" : ", y no escribió nada"}.`, "lm-miss"];
}

// Cómo se nombra una celda, y la más atendida al escribir el token `t`.
export const cellName = (i, side) => `fila ${Math.floor(i / side) + 1}, columna ${(i % side) + 1}`;
export const mostAttended = (question, t) => question.attention[t].indexOf(Math.max(...question.attention[t]));

const thousandths = (n) => `${n} ${n === 1 ? "milésima" : "milésimas"}`;

// Lo que se dice de una celda; `t` es el token elegido, o -1.
export function cellSentence(scene, question, t, i, side) {
  const found = cellWords(scene, i).map(([word, cosine]) => `${word} (${number(cosine)})`).join(", ");
  const name = cellName(i, side);
  return `${name[0].toUpperCase()}${name.slice(1)}. `
    + (t >= 0 ? `Recibe ${thousandths(question.attention[t][i])} de la atención a la imagen. ` : "")
    + (found ? `Palabras más parecidas: ${found}.` : "Para ver a qué palabras se parece, pregunta algo.");
}

// Lo que se dice de la atención de un token.
export function attentionSentence(question, t, side) {
  const best = mostAttended(question, t);
  return `La imagen recibe el ${share(question.share[t])} de su atención; el resto, el comienzo, la pregunta y lo ya escrito. `
    + `De lo que recibe la imagen, lo que más va a una celda: ${thousandths(question.attention[t][best])}, a la `
    + `${cellName(best, side)}.`;
}

// ---- las escenas y las preguntas, para elegir

function gallery(move) {
  const node = h("div", { class: "lm-thumbs", role: "group", "aria-label": "Escenas" });
  const paint = (scenes, chosen) => {
    if (node.childElementCount !== scenes.length) {
      node.replaceChildren(...scenes.map(({ image, caption }, i) =>
        h("button", { type: "button", "data-scene": i, onclick: () => move({ scene: i, own: "" }) },
          h("img", { src: image, alt: `Escena ${i + 1}: ${caption}`, width: 56, height: 56 }))));
    }
    [...node.children].forEach((button, i) => button.setAttribute("aria-pressed", i === chosen));
  };
  return { node, paint };
}

function picker(move) {
  const select = h("select", { "aria-label": "pregunta",
    onchange: () => move({ question: Number(select.value) }) });
  const node = h("label", { class: "lm-asking" }, h("span", {}, "pregunta"), select);
  let listed;
  const paint = (scene, i) => {
    if (listed !== scene) {
      select.replaceChildren(...scene.questions.map(({ text }, j) => h("option", { value: j }, text)));
    }
    listed = scene;
    select.value = i;
  };
  return { node, paint };
}

// ---- la imagen y su cuadrícula

const HINT = "Pasa por una celda, o llega con el tabulador y muévete con las flechas, para ver a qué palabras se parece.";

function picture() {
  const image = h("img", { class: "lm-image", alt: "", width: 224, height: 224 });
  const grid = h("div", { class: "lm-cells", role: "grid", "aria-label": "Celdas de la imagen: flechas para recorrerlas" });
  const told = line("cell-told", HINT);
  let [cells, sentence, on] = [[], () => "", -1];
  const select = (i) => {
    on = i;
    cells.forEach((cell, j) => cell.classList.toggle("lm-on", i === j));
    told.textContent = i < 0 ? HINT : sentence(i);
    if (i >= 0) reach(grid, cells[i]);
  };
  const divide = (side) => {
    cells = Array.from({ length: side * side }, (_, i) => h("div", { class: "lm-cell", role: "gridcell",
      "data-cell": i, tabindex: i ? -1 : 0, onmouseenter: () => select(i), onfocus: () => select(i) }));
    grid.style.setProperty("--side", side);
    grid.replaceChildren(...Array.from({ length: side }, (_, row) =>
      h("div", { role: "row" }, ...cells.slice(side * row, side * (row + 1)))));
    arrows(grid, ({ dataset: { cell } }, down, right) => {
      if (cell === undefined) return undefined;
      const [row, column] = [Math.floor(cell / side) + down, (cell % side) + right];
      return row in cells && row < side && column >= 0 && column < side ? cells[side * row + column] : null;
    });
  };
  // `question` y `t`: de qué token se muestra la atención; -1, de ninguno.
  const paint = (scene, side, question, t) => {
    if (!cells.length) divide(side);
    scale.textContent = "En cada celda, su parte de lo que recibe la imagen, en milésimas (por igual serían "
      + `${Math.round(1000 / side ** 2)}); se ve más clara la que más recibe.`;
    if (image.getAttribute("src") !== scene.image) [image.src, on] = [scene.image, -1];
    image.alt = scene.alt;
    sentence = (i) => cellSentence(scene, question, t, i, side);
    const clear = t >= 0 ? clearness(question.attention[t]) : [];
    grid.classList.toggle("lm-veiled", t >= 0);
    cells.forEach((cell, i) => {
      cell.style.setProperty("--w", clear[i] ?? 1);
      cell.setAttribute("aria-label", sentence(i));
      cell.replaceChildren(...(t >= 0 ? [h("span", { "aria-hidden": "true" }, question.attention[t][i])] : []));
    });
    select(on);
  };
  const scale = line("detail");
  return { nodes: [h("div", { class: "lm-picture" }, image, grid), scale, told], scale, paint,
    focus: () => grid.querySelector("[tabindex='0']").focus() };
}

// ---- la respuesta

const bar = (n) => track(h("span", { class: "lm-bar", style: `width:${n / 10}%` }));

function tokenButtons(question, select) {
  return question.tokens.map(([text, p], t) => h("li", {}, h("button", { type: "button", "data-token": t,
    "data-p": p, onclick: () => select(t), onfocus: () => select(t) },
  tokenNode(text), bar(p), h("small", {}, share(p)))));
}

function alternatives([text, p, others]) {
  const rows = [[text, p], ...others].map(([word, n], i) => [{ "data-p": n, class: i ? "" : "lm-best" },
    h("th", { scope: "row" }, tokenNode(word)), h("td", {}, bar(n)), share(n)]);
  return table({ kind: "lm-others", rows, caption: "El token elegido, el más probable, y los cuatro que le siguen",
    columns: ["token", "de 0 a 1", "probabilidad"] });
}

function build({ root, listen, move, send, say }) {
  const [thumbs, pick, view, own] = [gallery(move), picker(move), picture(), ownScene({ listen, move, send })];
  const [asked, answer, judged] = [line("prompt"), line("answered"), line("verdict")];
  const tokens = h("ol", { class: "lm-answer", "aria-label": "La respuesta, token por token" });
  const invite = line("detail", "Elige un token para ver a qué celdas atendió el modelo al escribirlo.");
  const [looked, others] = [line("detail"), h("div", {})];
  const clear = h("button", { type: "button", onclick: () => { choose(-1); view.focus(); } }, "Ver la imagen sin la atención");
  const note = line("note", "La atención no es una explicación: es un promedio de todas las capas y cabezas, y dice de "
    + "dónde se tomó información, no por qué se contestó eso.");
  const words = line("caption");
  const replied = h("div", { class: "lm-replied" }, asked, pick.node, answer, judged, tokens, invite, looked, others, clear);
  let [scene, question, token, side] = [null, null, -1, 1];

  const choose = (t) => {
    token = t;
    view.paint(scene, side, question, t);
    [...tokens.children].forEach((item, i) => item.firstChild.setAttribute("aria-pressed", i === t));
    for (const part of [looked, others, clear, view.scale]) part.hidden = t < 0;
    invite.hidden = t >= 0 || !question;
    root.dataset.token = t;
    if (t < 0) return;
    looked.textContent = attentionSentence(question, t, side);
    others.replaceChildren(alternatives(question.tokens[t]));
    say(looked.textContent);
  };

  const paint = ({ data, own: drawn, entry, s }) => {
    [scene, side] = [drawn ? entry : data.scenes[s.scene], data.side];
    const i = Math.min(s.question, scene.questions.length - 1);
    own.paint(data.choices, drawn);
    thumbs.paint(data.scenes, drawn ? -1 : s.scene);
    pick.paint(scene, i);
    pick.node.hidden = drawn;
    const now = scene.questions[i] ?? null;
    asked.hidden = !drawn;
    asked.replaceChildren(h("span", { class: "lm-badge" }, "tu escena"), now?.text ?? "Escribe una pregunta y pulsa «Preguntar».");
    const [sign, judgement, kind] = now ? verdict(now) : ["", "", ""];
    const cut = now && !now.finished ? ` (se cortó a los ${data.limit} tokens)` : "";
    for (const part of [answer, judged, tokens]) part.hidden = !now;
    answer.replaceChildren(`${data.model} contestó: `, h("b", {}, now?.answer ? `«${now.answer}»` : "nada"), cut);
    judged.className = `lm-verdict ${kind}`;
    judged.replaceChildren(h("span", { "aria-hidden": "true" }, `${sign} `), judgement);
    if (now !== question) {
      [question, token] = [now, -1];
      tokens.replaceChildren(...(now ? tokenButtons(now, choose) : []));
    }
    words.textContent = `Las palabras se buscan entre los ${integer(data.searched)} tokens de ${data.model} que son un espacio y `
      + "letras minúsculas del español: también los hay de otros idiomas, y comienzos de palabra. El número es el coseno: 1 "
      + "sería la misma dirección.";
    choose(token);
    const said = now ? `${now.text} ${answer.textContent}. ${judgement}` : scene.alt;
    return { shown: { scene: drawn ? "propia" : s.scene, question: i, equal: now?.equal ?? "", token }, said };
  };
  return { parts: [thumbs.node, own.node, h("div", { class: "lm-see" }, h("div", { class: "lm-seen" }, ...view.nodes), replied),
    note, words], paint, dispose: own.stop };
}

export default lab({ name: "image-lab", label: "Laboratorio de imágenes", traits: ["scene", "question"],
  leaving: ["scene"], build });
