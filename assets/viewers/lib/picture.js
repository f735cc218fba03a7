// @ts-check
// A picture of the server that says so where it does not come.
import { el } from "./dom.js";
import { t } from "./i18n.js";

/**
 * @param {string} src
 * @param {Record<string, any>} attributes of the img
 */
export function picture(src, attributes) {
  const image = el("img", { src, ...attributes });
  image.onerror = () => {
    const again = () =>
      said.replaceWith(picture(`${src}${src.includes("?") ? "&" : "?"}again=${Date.now()}`, attributes));
    const button = el("button", { type: "button", class: "lab-small", onclick: again }, t("app.again"));
    const said = el("p", { class: "lab-gone", role: "alert" }, t("app.picture_gone"), " ", button);
    image.replaceWith(said);
  };
  return image;
}
