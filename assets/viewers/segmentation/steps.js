// How it works: every step of this very run, with its shape, how it looks, and the lines that made it.
(() => {
  const lab = AttentionLab, seg = lab.segmentation, {el, t} = lab;

  const card = (store, step, code) => {
    const name = t(`segmentation.steps.names.${step.name}`, {number: step.number ?? ""});
    const [width, height] = step.size, image = el("img", {src: step.picture, alt: name, width, height, class: step.name === "picture" || step.name === "squeezed" || step.name === "patches" ? "" : "seg-sharp"});
    const picture = el("div", {class: "seg-step-picture", style: {"aspect-ratio": `${width} / ${height}`}}, image);
    if (step.name === "patches") {
      const [h, w] = store.now.grid;
      picture.append(el("div", {class: "seg-grid", style: {"background-size": `${100 / w}% ${100 / h}%`}}));
    }
    return el("li", {class: "seg-step", "data-step": step.name}, picture, el("div", {},
      el("h3", {}, name), el("p", {}, `${t("segmentation.steps.shape")}: `, el("code", {dir: "ltr"}, step.shape.join(" × "))), el("p", {}, t(`segmentation.steps.read.${step.name}`)),
      step.source ? el("details", {class: "lab-more"}, el("summary", {}, t("segmentation.steps.code")), el("pre", {dir: "ltr", tabindex: 0}, el("code", {}, code[step.source]))) : null));
  };

  seg.views.steps = {
    controls: () => [],
    draw: (store) => {
      if (!store.steps) { store.ask("steps"); return [el("p", {class: "lab-wait"}, t("segmentation.steps.wait"))]; }
      return [el("ol", {class: "seg-steps"}, ...store.steps.steps.map((step) => card(store, step, store.steps.code)))];
    },
    beside: () => null,
    save: [],
  };
})();
