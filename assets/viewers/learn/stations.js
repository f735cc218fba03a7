// The stations of the walk-through: a row of numbered buttons, and the way back and on.
AttentionLab.define("learn-stations", (root, channel) => {
  const {el, t, clear} = AttentionLab;
  const NAMES = ["attention", "self", "vectors", "softmax", "heads", "encoder", "embeddings", "bert", "patches", "masking",
    "segmentation", "versus", "convolution"];
  const query = new URLSearchParams(location.search);
  let at = Math.max(0, NAMES.indexOf(query.get("station")));
  const buttons = NAMES.map((name, i) => el("button", {type: "button", class: "lab-chip learn-stop", "data-station": name,
    title: t(`learn.stations.${name}.title`), "aria-label": `${i + 1}. ${t(`learn.stations.${name}.title`)}`, onclick: () => go(i)}, String(i + 1)));
  const back = el("button", {type: "button", class: "lab-small", onclick: () => go(at - 1)}, t("learn.back"));
  const on = el("button", {type: "button", class: "lab-small", onclick: () => go(at + 1)}, t("learn.on"));
  const mark = () => {
    buttons.forEach((button, i) => { if (i === at) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current"); });
    back.disabled = at === 0;
    on.disabled = at === NAMES.length - 1;
  };
  const go = (i) => {
    at = Math.max(0, Math.min(NAMES.length - 1, i));
    mark();
    channel.ask("select", {station: NAMES[at]});
  };
  AttentionLab.learn.go = (name) => go(NAMES.indexOf(name));
  AttentionLab.learn.fields.walk = () => ({station: NAMES[at]});
  clear(root, el("nav", {class: "learn-stops", "aria-label": t("learn.views.walk")}, back, ...buttons, on));
  mark();
});
