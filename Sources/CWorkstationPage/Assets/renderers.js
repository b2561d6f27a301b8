// 16-bit greys with a window, two ways: the card (an integer texture, the window in the shader) and a table on a 2D canvas.
// Both draw {matrix: image pixels to canvas pixels, window, about, isInverted}.
import {inverse} from "./viewport.js";
import {fillTable, lineOf} from "./windowing.js";

const VERTEX = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0, 1); }`;

const FRAGMENT = `#version 300 es
precision highp float; precision highp int; precision highp usampler2D;
uniform usampler2D pixels;
uniform mat3 toImage;
uniform vec2 size, line;
uniform ivec2 padding;
uniform int level;
uniform bool inverted, sigmoid;
out vec4 colour;
int sampleAt(ivec2 p) { return int(texelFetch(pixels, clamp(p, ivec2(0), textureSize(pixels, level) - 1), level).r); }
bool isPadding(int s) { return s >= padding.x && s <= padding.y; }
void main() {
  vec2 p = (toImage * vec3(gl_FragCoord.xy, 1)).xy;
  if (any(lessThan(p, vec2(0))) || any(greaterThanEqual(p, size))) { colour = vec4(0, 0, 0, 1); return; }
  // Bilinear by hand: the card cannot filter an integer texture.
  vec2 at = p * vec2(textureSize(pixels, level)) / size;
  int nearest = sampleAt(ivec2(floor(at)));
  if (isPadding(nearest)) { colour = vec4(0, 0, 0, 1); return; }
  vec2 q = at - 0.5;
  ivec2 i = ivec2(floor(q)); vec2 f = q - vec2(i);
  ivec4 s = ivec4(sampleAt(i), sampleAt(i + ivec2(1, 0)), sampleAt(i + ivec2(0, 1)), sampleAt(i + ivec2(1, 1)));
  for (int k = 0; k < 4; k++) if (isPadding(s[k])) s[k] = nearest;
  vec4 v = vec4(s);
  float value = mix(mix(v.x, v.y, f.x), mix(v.z, v.w, f.x), f.y) * line.x + line.y;
  float g = sigmoid ? 1.0 / (1.0 + exp(-value)) : clamp(value, 0.0, 1.0);
  colour = vec4(vec3(inverted ? 1.0 - g : g), 1);
}`;

/** The level of the pyramid that is just not smaller than the screen. */
const levelFor = ([a, b, c, d], count) => Math.min(count - 1, Math.max(0, Math.floor(0.25 - Math.log2(Math.abs(a * d - b * c)) / 2)));

export class CardRenderer {
  constructor(canvas, levels, isForced) {
    const {width, height} = levels[0];
    const gl = canvas.getContext("webgl2", {alpha: false, antialias: false, depth: false, powerPreference: "high-performance"});
    if (!gl) throw new Error("no WebGL2");
    if (gl.isContextLost()) throw new Error("context lost");
    if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error("larger than the card's textures");
    const told = gl.getExtension("WEBGL_debug_renderer_info");
    const card = gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    // A card that the processor plays is slower than the table (35 against 6 ms a picture).
    if (!isForced && /swiftshader|llvmpipe|software|basic render/i.test(card)) throw new Error("no graphics card");
    Object.assign(this, {gl, width, height, count: levels.length, kind: "card"});
    const program = this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    this.place = Object.fromEntries(["toImage", "size", "line", "padding", "level", "inverted",
      "sigmoid"].map(n => [n, gl.getUniformLocation(program, n)]));
    gl.bindTexture(gl.TEXTURE_2D, this.texture = gl.createTexture());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2);   // 4 by default, and rows of an odd width are not.
    gl.texStorage2D(gl.TEXTURE_2D, levels.length, gl.R16UI, width, height);
    levels.forEach((one, level) => gl.texSubImage2D(gl.TEXTURE_2D, level, 0, 0, one.width, one.height, gl.RED_INTEGER, gl.UNSIGNED_SHORT,
      one.pixels));
    for (const side of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST_MIPMAP_NEAREST],
      [gl.TEXTURE_MAG_FILTER, gl.NEAREST]]) gl.texParameteri(gl.TEXTURE_2D, ...side);
    const fault = gl.getError();              // Out of memory is told here, not thrown.
    if (fault) throw new Error(`WebGL error ${fault}`);
  }
  draw({matrix, window, about, isInverted}) {
    const {gl, place} = this, {width, height} = gl.canvas;
    const [a, b, c, d, e, f] = inverse(matrix), {gain, offset, isSigmoid} = lineOf(window, about);
    // gl_FragCoord counts from the bottom.
    gl.uniformMatrix3fv(place.toImage, false, [a, b, 0, -c, -d, 0, e + c * height, f + d * height, 1]);
    gl.uniform2f(place.size, this.width, this.height);
    gl.uniform2f(place.line, gain, offset);
    gl.uniform2i(place.padding, ...(about.padding ?? [1, 0]));
    gl.uniform1i(place.level, levelFor(matrix, this.count));
    gl.uniform1i(place.inverted, isInverted);
    gl.uniform1i(place.sigmoid, isSigmoid);
    gl.viewport(0, 0, width, height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
  release() { this.gl.deleteTexture(this.texture); this.gl.deleteProgram(this.program); this.gl.canvas.width = this.gl.canvas.height = 1; }
}

export class TableRenderer {
  constructor(canvas, levels) {
    this.context = canvas.getContext("2d", {alpha: false});
    Object.assign(this, {levels, greys: new Uint8Array(65536), table: new Uint32Array(65536), kind: "table"});
  }
  /** Nearest pixels while things move; once they rest, `isFine` mixes the four around (as the card always does). */
  draw({matrix, window, about, isInverted, isFine = false}) {
    const {width, height} = this.context.canvas, {table, greys, levels} = this;
    const key = `${window.center} ${window.width} ${window.function} ${isInverted} ${about.padding}`;
    if (key !== this.key) {
      this.key = key;
      fillTable(greys, window, about, isInverted);
      for (let i = 0; i < 65536; i++) table[i] = 0xff000000 | greys[i] * 0x10101;
    }
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = this.context.createImageData(width, height);
      this.out = new Uint32Array(this.image.data.buffer);
    }
    const from = levels[levelFor(matrix, levels.length)], sx = from.width / levels[0].width, sy = from.height / levels[0].height;
    let [a, b, c, d, e, f] = inverse(matrix);
    [a, b, c, d, e, f] = [a * sx, b * sy, c * sx, d * sy, e * sx, f * sy];
    if (isFine) this.fine(from, a, b, c, d, e, f, width, height, about.padding ?? [1, 0]);
    else this.fast(from, a, b, c, d, e, f, width, height);
    this.context.putImageData(this.image, 0, 0);
  }
  fast({pixels, width: w, height: h}, a, b, c, d, e, f, width, height) {
    const {out, table} = this;
    for (let y = 0, i = 0; y < height; y++) {
      let u = a * 0.5 + c * (y + 0.5) + e, v = b * 0.5 + d * (y + 0.5) + f;
      if (b === 0 && a !== 0) {   // Not turned: the row is one, its ends are known.
        const line = v >= 0 && v < h ? (v | 0) * w : -1;
        for (let x = 0; x < width; x++, i++, u += a) out[i] = line >= 0 && u >= 0 && u < w ? table[pixels[line + (u | 0)]] : 0xff000000;
      } else for (let x = 0; x < width; x++, i++, u += a, v += b)
        out[i] = u >= 0 && v >= 0 && u < w && v < h ? table[pixels[(v | 0) * w + (u | 0)]] : 0xff000000;
    }
  }
  fine({pixels, width: w, height: h}, a, b, c, d, e, f, width, height, [low, high]) {
    const {out, table} = this;
    for (let y = 0, i = 0; y < height; y++) {
      let u = a * 0.5 + c * (y + 0.5) + e, v = b * 0.5 + d * (y + 0.5) + f;
      for (let x = 0; x < width; x++, i++, u += a, v += b) {
        if (!(u >= 0 && v >= 0 && u < w && v < h)) { out[i] = 0xff000000; continue; }
        const near = pixels[(v | 0) * w + (u | 0)];
        if (near >= low && near <= high) { out[i] = 0xff000000; continue; }
        const p = Math.max(0, u - 0.5), q = Math.max(0, v - 0.5), x0 = p | 0, y0 = q | 0, x1 = x0 + 1 < w ? x0 + 1 : x0,
          y1 = y0 + 1 < h ? y0 + 1 : y0;
        let s00 = pixels[y0 * w + x0], s10 = pixels[y0 * w + x1], s01 = pixels[y1 * w + x0], s11 = pixels[y1 * w + x1];
        if (low <= high) {
          if (s00 >= low && s00 <= high) s00 = near;
          if (s10 >= low && s10 <= high) s10 = near;
          if (s01 >= low && s01 <= high) s01 = near;
          if (s11 >= low && s11 <= high) s11 = near;
        }
        const fx = p - x0, fy = q - y0, top = s00 + (s10 - s00) * fx, bottom = s01 + (s11 - s01) * fx;
        out[i] = table[top + (bottom - top) * fy + 0.5 | 0];
      }
    }
  }
  release() { this.image = this.out = this.levels = null; this.context.canvas.width = this.context.canvas.height = 1; }
}

/** The card where it can, the table where it cannot. A canvas that had one kind of context never gets another, so there are two. */
export function makeRenderer(canvases, levels, wanted = "card") {
  let renderer, canvas = canvases.card, why = "";
  if (wanted !== "table") try { renderer = new CardRenderer(canvas, levels, wanted === "force"); } catch (error) { why = error.message; }
  if (!renderer) renderer = new TableRenderer(canvas = canvases.table, levels);
  canvases.card.hidden = canvas !== canvases.card;
  canvases.table.hidden = canvas !== canvases.table;
  return {renderer, canvas, why};
}
