// @ts-check
// Class ids → a PNG of one channel of 8 bits, each pixel its ADE20K id and 0 where nothing is annotated (ISO 15948).

/** @typedef {import("./shapes.js").Size} Size */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const POLYNOMIAL = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? POLYNOMIAL ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum that follows a chunk of a PNG. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) value = table[(value ^ bytes[i]) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {string} name of four letters @param {Uint8Array} content */
function chunk(name, content) {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** @param {Size} size */
function header([width, height]) {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes[8] = 8; // bits; what follows is 0: grey, deflate, filters by row, no interlacing
  return bytes;
}

/**
 * @param {Uint8Array} ids row by row
 * @param {Size} size
 * @returns {Promise<Blob>}
 */
export async function pngOf(ids, [width, height]) {
  const lines = new Uint8Array((width + 1) * height); // each row after a 0: it is not filtered
  for (let y = 0; y < height; y++) lines.set(ids.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const stream = new Blob([lines]).stream().pipeThrough(new CompressionStream("deflate"));
  const content = new Uint8Array(await new Response(stream).arrayBuffer());
  const parts = [chunk("IHDR", header([width, height])), chunk("IDAT", content), chunk("IEND", new Uint8Array(0))];
  return new Blob([new Uint8Array(SIGNATURE), ...parts], { type: "image/png" });
}
