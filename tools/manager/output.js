// El control Output: muestra lo que una celda capturó (texto, imágenes, HTML, errores y otros controles).
import * as base from "@jupyter-widgets/base";
import { OutputModel } from "@jupyter-widgets/output";
import { typeset } from "./math.js";

export const VIEW = "application/vnd.jupyter.widget-view+json";
const COLOURS = /\u001b\[[0-9;]*m/g; // las de una terminal
const join = (text) => (Array.isArray(text) ? text.join("") : text);

function make(tag, fields) {
  return Object.assign(document.createElement(tag), fields);
}

function image(type) {
  return (value, data) => {
    const packed = join(value).replace(/\s/g, "");
    return make("img", { src: `data:${type};base64,${packed}`, alt: join(data["text/plain"] ?? "") });
  };
}

const html = (value) => make("div", { innerHTML: join(value) });
const text = (value) => make("pre", { textContent: join(value).replace(COLOURS, "") });

// En el orden en que se prefieren.
const DRAWN = {
  "text/html": html,
  "image/svg+xml": html,
  "image/png": image("image/png"),
  "image/jpeg": image("image/jpeg"),
  "text/latex": (value) => typeset(make("div", { textContent: join(value) })),
  "text/plain": text,
};

function draw(output) {
  if (output.output_type === "stream") return text(output.text);
  if (output.output_type === "error") return text(output.traceback.join("\n"));
  const data = output.data ?? {};
  const kind = Object.keys(DRAWN).find((type) => type in data);
  return kind ? DRAWN[kind](data[kind], data) : make("div", {});
}

// `attach(manager, model, place)` dibuja un control dentro de otro.
export function makeOutput(attach) {
  class OutputView extends base.DOMWidgetView {
    render() {
      super.render();
      this.el.classList.add("jupyter-widgets", "widget-output");
      this.listenTo(this.model, "change:outputs", this.paint);
      this.paint();
    }

    paint() {
      this.el.replaceChildren(...this.model.get("outputs").map((output) => this.drawn(output)));
    }

    drawn(output) {
      const id = output.data?.[VIEW]?.model_id;
      const manager = this.model.widget_manager;
      if (!id || !manager.has_model(id)) return draw(output);
      const place = make("div", { className: "widget-subarea" });
      // Lumino solo admite un lugar que ya esté en la página.
      this.displayed.then(async () => attach(manager, await manager.get_model(id), place));
      return place;
    }
  }
  return { OutputModel, OutputView };
}
