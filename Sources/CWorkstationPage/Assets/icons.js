// Drawn signs: fonts differ from machine to machine, and some lack them.
import {svg} from "./dom.js";

const PATHS = {
  window: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18", pan: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
    measure: "M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2",
  add: "M4 4h16v16H4zM12 8v8M8 12h8", invert: "M4 4h16v16H4zM4 20 20 4v16z", flip: "M12 3v18M9 7 3 17h6zM15 7l6 10h-6z",
    turn_left: "M5 4v5h5M5.5 9A8 8 0 1 1 4 14", turn_right: "M19 4v5h-5M18.5 9A8 8 0 1 0 20 14",
  zoom_out: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 21 21M7.5 10.5h6",
    zoom_in: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 21 21M7.5 10.5h6M10.5 7.5v6",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", one: "M5 7l3-2v14M16 7l3-2v14M12 9v.5M12 15v.5", boxes: "M5 8h14v11H5zM5 5h6",
    prior: "M3 4h18v16H3zM12 4v16", reset: "M4 5v5h5M4.5 10A8 8 0 1 1 5 15M12 8v5l3 2",
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3", redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3", accept: "M4 13l5 5L20 6",
    reject: "M5 5l14 14M19 5 5 19", trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13", back: "M20 12H5M11 6l-6 6 6 6", left: "M15 5l-7 7 7 7",
    right: "M9 5l7 7-7 7",
  anatomy: "M10 4C6 6 4 11 4 19h6zM14 4c4 2 6 7 6 15h-6z",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9", plus: "M12 5v14M5 12h14",
};
const FILLED = {window: "M12 3a9 9 0 1 0 0 18z", invert: "M4 20 20 4v16z", flip: "M15 7l6 10h-6z"};

export function icon(name) {
  const node = svg("svg", {class: "icon-drawn", viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", fill: "none",
    stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round"}, svg("path", {d: PATHS[name]}));
  if (FILLED[name]) node.append(svg("path", {d: FILLED[name], fill: "currentColor"}));
  return node;
}
