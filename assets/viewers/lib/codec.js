// @ts-check
// Arrays as the server packs them (components/page/viewer.py): deflated, in base64. The browser inflates by itself.

/**
 * @param {string} text
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * A plane of low bytes, then one of high bytes → 16-bit integers.
 * @param {string} text
 */
export async function unpack16(text) {
  const planes = await unpack(text);
  const half = planes.length / 2;
  const out = new Uint16Array(half);
  for (let i = 0; i < half; i++) out[i] = planes[i] | (planes[half + i] << 8);
  return out;
}

/**
 * Little-endian 32-bit floats.
 * @param {string} text
 */
export async function unpackFloats(text) {
  return new Float32Array((await unpack(text)).buffer);
}
