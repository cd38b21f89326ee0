// Da vida, sin núcleo, a los controles guardados en la página: las clases oficiales de ipywidgets y de anywidget con
// un gestor que solo hace lo que una página necesita. tools/frontend.py lo junta todo en lib/widgets.js.
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { anywidget } from "./amd.js";
import "anywidget";
import { makeOutput, VIEW } from "./output.js";
import { typesetAfter } from "./math.js";
import { nameControls } from "./names.js";
import { upgrade } from "./upgrade.js";
import style from "manager-style";

const STATE = "application/vnd.jupyter.widget-state+json";
const PATIENCE = 3000; // ms: uno que no puede dibujarse no hace esperar a las fórmulas
const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  "@jupyter-widgets/output": makeOutput(attach),
  anywidget,
};

class PageManager extends ManagerBase {
  drawn = []; // una promesa por control propio: la de que ya se ve

  async create_view(model, options) {
    const view = await super.create_view(model, options);
    if (model.get("_view_module") === "anywidget") this.drawn.push(filled(view.el));
    return view;
  }

  // Un cuaderno guardado con ipywidgets 7 pide versiones anteriores; las clases de la 8 leen su estado (upgrade.js).
  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (!found) throw new Error(`El sitio no lleva el control ${name}, de ${module}.`);
    return found;
  }

  async _get_comm_info() {
    return {};
  }

  async _create_comm() {
    const nothing = () => {};
    return { on_close: nothing, on_msg: nothing, close: nothing, send: nothing };
  }
}

// Un control propio se dibuja cuando se ha cargado su módulo, después de que anywidget da su vista por hecha.
function filled(element) {
  return new Promise((resolve) => {
    const look = () => element.firstElementChild && resolve();
    new MutationObserver(look).observe(element, { childList: true });
    setTimeout(resolve, PATIENCE);
  });
}

const shown = new Set();

// Dibuja un modelo dentro de `place`.
async function attach(manager, model, place) {
  const view = await manager.create_view(model);
  Widget.attach(view.luminoWidget, place);
  shown.add(view);
  view.once("remove", () => shown.delete(view));
}

async function start() {
  for (const saved of document.querySelectorAll(`script[type="${STATE}"]`)) {
    const manager = new PageManager();
    await manager.set_state(upgrade(JSON.parse(saved.textContent)));
    for (const tag of document.querySelectorAll(`script[type="${VIEW}"]`)) {
      const { model_id: id } = JSON.parse(tag.textContent);
      if (!manager.has_model(id)) continue;
      const place = document.createElement("div");
      place.className = "widget-subarea";
      tag.before(place);
      await attach(manager, await manager.get_model(id), place);
    }
    await Promise.all(manager.drawn);
  }
}

const sheet = document.createElement("style");
sheet.textContent = style;
document.head.append(sheet);

window.addEventListener("resize", () => {
  for (const view of shown) {
    MessageLoop.postMessage(view.luminoWidget, Widget.ResizeMessage.UnknownSize);
  }
});
nameControls();
typesetAfter(start());
