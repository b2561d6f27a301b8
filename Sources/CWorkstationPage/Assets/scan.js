// A CT scan of the server: its geometry, its planes, and which series of a study is one. Places are voxels x (right to left), y (front to back) and
// z (head to feet); millimetres are the patient's (LPS).
import {json, request} from "./api.js";

/** Fewer slices are looked at one by one. */
const FEWEST_SLICES = 4;
/** What stays, what runs across and what runs down, of x, y, z. */
export const PLANES = {axial: {fixed: 2, across: 0, down: 1}, coronal: {fixed: 1, across: 0, down: 2},
  sagittal: {fixed: 0, across: 1, down: 2}};
/** Center and width in Hounsfield units. */
export const WINDOWS = {lung: [-600, 1500], mediastinum: [40, 400], bone: [400, 1800], vessels: [150, 600]};

/** The CT series of a study: [{first, count}], the one of the most slices first. */
export function seriesOf(study) {
  const found = new Map();
  for (const one of study.instances) {
    if (one.modality !== "CT" || one.format !== "DICOM") continue;
    const series = found.get(one.series) ?? {first: one.id, count: 0};
    series.count += Math.max(1, one.frames);
    found.set(one.series, series);
  }
  return [...found.values()].filter(one => one.count >= FEWEST_SLICES).sort((a, b) => b.count - a.count);
}

export class Scan {
  /** `about` is what the server tells of the volume. */
  constructor(instance, about) {
    Object.assign(this, {instance, about, size: about.size, spacing: about.spacing});
    this.planes = new Map();
    this.waiting = new Map();
    const [a, b, c] = about.steps, cross = (u, v) => [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const volume = a[0] * cross(b, c)[0] + a[1] * cross(b, c)[1] + a[2] * cross(b, c)[2];
    this.inverse = [cross(b, c), cross(c, a), cross(a, b)].map(row => row.map(value => value / volume));
  }
  static async load(instance, signal) { return new Scan(instance, await json(`instances/${instance}/scan`, {signal})); }

  point(voxel) { return [0, 1, 2].map(i => this.about.origin[i] + voxel.reduce((sum, v, axis) => sum + v * this.about.steps[axis][i], 0)); }
  voxel(point) { const from = point.map((value, i) => value - this.about.origin[i]);
    return this.inverse.map(row => row[0] * from[0] + row[1] * from[1] + row[2] * from[2]); }

  /** A plane's Hounsfield units, asked for once and kept while there is room. */
  async plane(plane, index, slab) {
    const key = `${plane} ${index} ${slab}`, kept = this.planes.get(key);
    if (kept) { this.planes.delete(key); this.planes.set(key, kept); return kept; }
    if (!this.waiting.has(key)) this.waiting.set(key, this.fetch(plane, index, slab, key).finally(() => this.waiting.delete(key)));
    return this.waiting.get(key);
  }
  async fetch(plane, index, slab, key) {
    const answer = await request(`instances/${this.instance}/scan/${plane}/${index}${slab ? `?slab=${slab}` : ""}`, {isQuiet: true});
    const {columns, rows} = JSON.parse(answer.headers.get("X-Pleura-Plane"));
    const buffer = await answer.arrayBuffer();
    if (buffer.byteLength !== columns * rows * 2) throw new Error("the plane ends early");
    const values = new Int16Array(columns * rows), view = new DataView(buffer);
    // Little-endian, whatever the machine is.
    for (let i = 0; i < values.length; i++) values[i] = view.getInt16(2 * i, true);
    const made = {columns, rows, values};
    this.planes.set(key, made);
    // Some 40 MB of 512 x 512; the oldest goes first.
    while (this.planes.size > 80) this.planes.delete(this.planes.keys().next().value);
    return made;
  }
}
