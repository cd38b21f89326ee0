// Preguntas cerradas con comentario en cada alternativa. Todo ocurre en el navegador: no hay
// servidor ni Python detrás, y las respuestas quedan en localStorage. Los textos van siempre por
// textContent; lo que está entre acentos graves se muestra como código.

const LABELS = { prediccion: "Predice antes de ver", repaso: "Pregunta" };
let views = 0;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) writeText(node, text);
  return node;
}

function writeText(node, text) {
  node.textContent = "";
  text.split("`").forEach((piece, i) => {
    if (i % 2 === 0) return node.append(piece);
    const code = document.createElement("code");
    code.textContent = piece;
    node.append(code);
  });
}

// Memoria del navegador; sin permiso para usarla, la pregunta funciona igual y no recuerda.
const memory = {
  read(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch { /* sin almacenamiento */ }
  },
};

function renderQuestion(question, key, group, onChange) {
  const form = element("form", "quiz-question");
  const fieldset = element("fieldset");
  const legend = element("legend");
  legend.append(element("span", "quiz-kind", LABELS[question.kind]), element("span", "", question.prompt));
  fieldset.append(legend);

  const feedback = element("p", "quiz-feedback");
  feedback.setAttribute("role", "status");
  feedback.setAttribute("aria-live", "polite");
  const button = element("button", "quiz-button", "Comprobar");
  button.type = "submit";

  const radios = question.options.map((option) => {
    const label = element("label", "quiz-option");
    const radio = element("input");
    radio.type = "radio";
    radio.name = group;
    radio.addEventListener("change", () => show(null));
    label.append(radio, element("span", "", option.text));
    fieldset.append(label);
    return radio;
  });

  let solved = false;
  function show(option) {
    solved = Boolean(option && option.correct);
    feedback.className = "quiz-feedback" + (option ? (solved ? " is-correct" : " is-wrong") : "");
    const verdict = solved ? "✓ Correcto. " : "✗ Todavía no. ";
    writeText(feedback, option ? verdict + option.feedback : "");
    onChange();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const option = question.options[radios.findIndex((radio) => radio.checked)];
    if (!option) {
      feedback.className = "quiz-feedback";
      writeText(feedback, "Elige primero una alternativa.");
      return;
    }
    memory.write(key, option.text);
    show(option);
  });
  // En JupyterLab los atajos se quedarían con las flechas y el espacio.
  form.addEventListener("keydown", (event) => event.stopPropagation());

  function restore() {
    const saved = memory.read(key);
    const index = question.options.findIndex((option) => option.text === saved);
    radios.forEach((radio, i) => { radio.checked = i === index; });
    show(question.options[index] ?? null);
  }

  form.append(fieldset, button, feedback);
  return {
    form,
    restore,
    forget: () => { memory.write(key, null); restore(); },
    isSolved: () => solved,
  };
}

function render({ model, el }) {
  const view = views++;
  const root = element("div", "quiz");
  const count = element("span", "quiz-count");
  const parts = model.get("questions").map((question, i) => {
    const key = `course_lib.quiz.${model.get("chapter")}.${question.id}`;
    return renderQuestion(question, key, `quiz-${view}-${i}-${question.id}`, update);
  });
  function update() {
    const solved = parts.filter((part) => part.isSolved()).length;
    count.textContent = `${solved} de ${parts.length} correctas`;
  }
  const reset = element("button", "quiz-reset", "Borrar mis respuestas");
  reset.type = "button";
  reset.addEventListener("click", () => parts.forEach((part) => part.forget()));

  root.append(...parts.map((part) => part.form));
  if (parts.length > 1) {
    const footer = element("div", "quiz-footer");
    footer.append(count, reset);
    root.append(footer);
  }
  parts.forEach((part) => part.restore());
  el.append(root);
  return () => root.remove();
}

export default { render };
