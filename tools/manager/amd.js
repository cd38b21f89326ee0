// anywidget se publica para un cargador AMD: al ejecutarse llama a `define`, que aquí anota lo que define y se quita.
import * as base from "@jupyter-widgets/base";

export const anywidget = {};

globalThis.define = (needs, make) => {
  Object.assign(anywidget, make(base));
  delete globalThis.define;
};
