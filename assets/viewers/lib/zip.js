// @ts-check
// Files → a zip, stored as they are: pictures are packed already. The same files make the same bytes.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});
const EARLIEST = 0x21; // the first of January 1980, in the two bytes that a zip has for a date

/** The CRC-32 by which a zip knows its files.
 * @param {Uint8Array} bytes
 */
export function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Numbers as a zip writes them.
 * @param {[size: 2 | 4, value: number][]} fields
 */
function record(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/**
 * @param {{name: string, bytes: Uint8Array<ArrayBuffer>}[]} files names in ASCII
 * @returns {Blob}
 */
export function zipped(files) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const list = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const written = new TextEncoder().encode(name);
    /** @type {[2 | 4, number][]} */
    const about = [
      [2, 20], // version that reads it
      [2, 0],
      [2, 0], // stored
      [2, 0],
      [2, EARLIEST],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, written.length],
      [2, 0],
    ];
    const local = record([[4, 0x04034b50], ...about]);
    list.push(record([[4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), written);
    parts.push(local, written, bytes);
    at += local.length + written.length + bytes.length;
  }
  const size = list.reduce((sum, one) => sum + one.length, 0);
  const count = files.length;
  const end = record([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, at],
    [2, 0],
  ]);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
}
