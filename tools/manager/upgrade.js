// El estado que guardó ipywidgets 7 con los nombres de la 8, donde cambiaron.
const RENAMED = { description_tooltip: "tooltip", _repeat: "repeat", _playing: "playing" };
const SIDES = ["top", "right", "bottom", "left"];

export function upgrade(saved) {
  for (const { state } of Object.values(saved.state)) {
    for (const [old, name] of Object.entries(RENAMED)) {
      if (old in state && !(name in state)) state[name] = state[old];
    }
    if (state._titles && state.children) {
      state.titles = state.children.map((_, place) => state._titles[place] ?? "");
    }
    if (state.border) {
      for (const side of SIDES) state[`border_${side}`] ??= state.border;
    }
    if (state.overflow_x || state.overflow_y) {
      state.overflow ??= `${state.overflow_x ?? "visible"} ${state.overflow_y ?? "visible"}`;
    }
  }
  return saved;
}
