// @ts-check
// Files of this page on the server: its uploads, and what was made for it.

/** @typedef {{path: string, [more: string]: any}} FileData a file as gradio's components hold it */

const ROOT = new URL("../../../", import.meta.url); // this file is <root>/lab/<version>/lib/files.js

/**
 * The address of a file on the server.
 * @param {FileData} file
 * @param {URL | string} [root] of the app
 */
export function addressOf(file, root = ROOT) {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return new URL(`gradio_api/file=${path}`, root).href;
}

/**
 * A file with its address, as gradio's components show it.
 * @template {FileData | null} T
 * @param {T} file
 * @returns {T}
 */
export function located(file) {
  return file && { ...file, url: addressOf(file) };
}

/** Send a file to the server, as gradio's components do.
 * @param {Blob} blob
 * @param {string} [name]
 * @returns {Promise<FileData>}
 */
export async function upload(blob, name = "picture") {
  const form = new FormData();
  form.append("files", blob, name);
  const answer = await fetch(new URL("gradio_api/upload", ROOT), { method: "POST", body: form });
  if (!answer.ok) throw new Error(`upload: ${answer.status}`);
  const [path] = await answer.json();
  return { path, orig_name: name, size: blob.size, mime_type: blob.type, meta: { _type: "gradio.FileData" } };
}

/**
 * The content of a file on the server. An error where it is not there any more.
 * @param {FileData} file
 */
export async function fetchFile(file) {
  const answer = await fetch(addressOf(file));
  if (!answer.ok) throw new Error(`${file.path}: ${answer.status}`);
  return answer.blob();
}

/** @param {FileData | null | undefined} a @param {FileData | null | undefined} b */
export function sameFile(a, b) {
  return (a?.path ?? null) === (b?.path ?? null);
}
