// The files of a zip archive by its central directory, each inflated by the browser only when its turn comes.

const MOST = 2 ** 31;
export class ArchiveProblem extends Error { constructor(code) { super(code); this.code = code; } }

async function view(blob, from, to) { return new DataView(await blob.slice(from, to).arrayBuffer()); }

/** Where the list begins and how long it is; also of zip64 archives (more than 4 GB or 65,535 files). */
async function directory(blob) {
  const from = Math.max(0, blob.size - 65557), tail = await view(blob, from, blob.size);
  let at = tail.byteLength - 22;
  while (at >= 0 && tail.getUint32(at, true) !== 0x06054b50) at--;
  if (at < 0) throw new ArchiveProblem("no_archive");
  let count = tail.getUint16(at + 10, true), length = tail.getUint32(at + 12, true), start = tail.getUint32(at + 16, true);
  if ((start === 0xffffffff || count === 0xffff || length === 0xffffffff) && at >= 20 && tail.getUint32(at - 20, true) === 0x07064b50) {
    const record = Number(tail.getBigUint64(at - 20 + 8, true)), end = await view(blob, record, record + 56);
    if (end.getUint32(0, true) !== 0x06064b50) throw new ArchiveProblem("damaged");
    [count, length, start] = [32, 40, 48].map(place => Number(end.getBigUint64(place, true)));
  }
  if (start + length > blob.size) throw new ArchiveProblem("damaged");
  return {count, list: await view(blob, start, start + length)};
}

/** [{path, size, open(): Promise<Blob>}]: the list is read at once, the files are not. */
export async function readArchive(blob) {
  const {list} = await directory(blob), entries = [];
  for (let p = 0; p + 46 <= list.byteLength && list.getUint32(p, true) === 0x02014b50;) {
    const flags = list.getUint16(p + 8, true), method = list.getUint16(p + 10, true), nameLength = list.getUint16(p + 28, true),
      extraLength = list.getUint16(p + 30, true);
    let packed = list.getUint32(p + 20, true), size = list.getUint32(p + 24, true), header = list.getUint32(p + 42, true);
    // The UTF-8 flag is often missing from names that are UTF-8.
    const path = new TextDecoder().decode(new Uint8Array(list.buffer, p + 46, nameLength));
    // zip64: the large numbers stand behind the name, in this order, each only where its place above is full.
    for (let q = p + 46 + nameLength, end = q + extraLength; q + 4 <= end; q += 4 + list.getUint16(q + 2, true)) {
      if (list.getUint16(q, true) !== 1) continue;
      let place = q + 4;
      const next = () => { const value = Number(list.getBigUint64(place, true)); place += 8; return value; };
      if (size === 0xffffffff) size = next();
      if (packed === 0xffffffff) packed = next();
      if (header === 0xffffffff) header = next();
    }
    p += 46 + nameLength + extraLength + list.getUint16(p + 32, true);
    if (path.endsWith("/") || path.startsWith("__MACOSX/")) continue;
    entries.push({path, size, open: () => inflate(blob, {flags, method, packed, size, header})});
  }
  return entries;
}

async function inflate(blob, {flags, method, packed, size, header}) {
  if (flags & 1) throw new ArchiveProblem("encrypted");
  if (size > MOST) throw new ArchiveProblem("too_large");
  const local = await view(blob, header, header + 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50) throw new ArchiveProblem("damaged");
  const from = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const body = blob.slice(from, from + packed);
  if (method === 0) { if (body.size !== size) throw new ArchiveProblem("damaged"); return body; }
  if (method !== 8) throw new ArchiveProblem("method");
  // Counted while it comes: an archive that says less than it holds (a bomb) is stopped at what it said.
  const parts = [];
  let count = 0;
  try {
    const reader = body.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (;;) {
      const {value, done} = await reader.read();
      if (done) break;
      count += value.length;
      if (count > size) { reader.cancel().catch(() => {}); throw new ArchiveProblem("damaged"); }
      parts.push(value);
    }
  } catch (error) { throw error instanceof ArchiveProblem ? error : new ArchiveProblem("damaged"); }
  if (count !== size) throw new ArchiveProblem("damaged");
  return new Blob(parts);
}

export async function isArchive(file) {
  if (file.size < 22) return false;
  const start = await view(file, 0, 4);
  return start.getUint32(0, true) === 0x04034b50 || start.getUint32(0, true) === 0x06054b50;
}
