// One picture: what both models say, what it costs, and what each of them is given.
AttentionLab.define("cifar-picture", (root, channel) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  const TOP = 5;
  const choice = el("div", {class: "cifar-choice"}), body = el("div");
  root.replaceChildren(choice, body);
  let now = null, given = "row";

  const showChoice = async (gallery) => {
    const bytes = await lab.unpack(gallery.sprite);
    lab.clear(choice, el("p", {class: "lab-caption"}, t("cifar.picture.choose", {source: cifar.source(gallery.source)})),
      el("div", {class: "cifar-strip"}, ...gallery.places.map((place, i) => el("button", {type: "button", class: "cifar-pick", "data-place": place,
        title: cifar.name(gallery.labels[i]), onclick: () => channel.ask("select", {want: "picture", source: gallery.source, place})},
      cifar.picture(bytes, 3072 * i, 40, cifar.name(gallery.labels[i])))),
      ...gallery.sources.filter((source) => source !== "shipped" || gallery.source !== source).map((source) => el("button", {type: "button", class: "lab-small", "data-draw": source,
        onclick: () => channel.ask("select", {want: "draw", source})}, t("cifar.picture.draw", {source: cifar.source(source)})))));
  };

  const bars = (model, truth) => {
    const order = [...model.probabilities.keys()].sort((a, b) => model.probabilities[b] - model.probabilities[a]).slice(0, TOP);
    const right = truth === null || truth === undefined ? null : order[0] === truth;
    return el("section", {class: "cifar-model", style: {"--model": model.color}},
      el("h3", {}, model.title, right === null ? null : el("span", {class: right ? "cifar-right" : "cifar-wrong"}, right ? `✓ ${t("cifar.right")}` : `✗ ${t("cifar.wrong")}`)),
      ...order.map((k) => el("div", {class: k === truth ? "cifar-bar cifar-true" : "cifar-bar"},
        el("span", {}, cifar.name(k)), el("div", {class: "cifar-track"}, el("i", {style: {width: `${100 * model.probabilities[k]}%`}})), el("b", {dir: "ltr"}, cifar.percent(model.probabilities[k])))),
      el("dl", {class: "cifar-cost"}, ...[["parameters", cifar.short(model.parameters)], ["multiply_adds", cifar.short(model.multiply_adds)], ["seconds", `${(1000 * model.seconds).toFixed(1)} ms`]]
        .flatMap(([name, value]) => [el("dt", {}, t(`cifar.${name}`)), el("dd", {dir: "ltr"}, value)])));
  };

  const best = (model) => model.probabilities.indexOf(Math.max(...model.probabilities));

  const agreement = () => {
    if (now.models.length < 2) return null;
    const [a, b] = now.models.map(best);
    return el("p", {class: "cifar-agree"}, a === b ? t("cifar.picture.agree", {name: cifar.name(a)})
      : t("cifar.picture.differ", {first: now.models[0].title, one: cifar.name(a), second: now.models[1].title, two: cifar.name(b)}));
  };

  // The MLP's view: 3 × 1,024 values one after another, red, then green, then blue.
  const row = (bytes) => {
    const height = 26, canvas = el("canvas", {width: 3072, height, class: "cifar-row", role: "img", "aria-label": t("cifar.given.row")});
    const pen = canvas.getContext("2d");
    for (let i = 0; i < 3072; i++) {
      const channel = Math.floor(i / 1024), v = bytes[3 * (i % 1024) + channel], color = [0, 0, 0];
      color[channel] = v;
      pen.fillStyle = `rgb(${color})`;
      pen.fillRect(i, 0, 1, height);
    }
    canvas.onmousemove = (event) => {
      const i = Math.max(0, Math.min(3071, Math.floor((event.clientX - canvas.getBoundingClientRect().left) * 3072 / canvas.getBoundingClientRect().width)));
      const channel = Math.floor(i / 1024);
      lab.tip(event, t("cifar.given.value", {number: i + 1, channel: t(`cifar.given.channels.${channel}`), row: Math.floor((i % 1024) / 32) + 1, column: (i % 32) + 1,
        value: (bytes[3 * (i % 1024) + channel] / 255).toFixed(3)}));
    };
    canvas.onmouseleave = (event) => lab.tip(event, "");
    return el("div", {class: "cifar-scroll", dir: "ltr", tabindex: 0}, canvas);
  };

  // BEiT's view: patches, each with the number of its place.
  const patches = (bytes, model) => {
    const n = model.side / model.patch, size = 32 / n, shown = n > 10 ? 22 : 40;
    const whole = cifar.picture(bytes, 0, 32);
    return el("div", {class: "cifar-patches", dir: "ltr", style: {"grid-template-columns": `repeat(${n}, ${shown}px)`}},
      ...[...Array(n * n).keys()].map((i) => {
        const r = Math.floor(i / n), c = i % n, canvas = el("canvas", {width: shown, height: shown}), pen = canvas.getContext("2d");
        pen.imageSmoothingEnabled = false;
        pen.drawImage(whole, c * size, r * size, size, size, 0, 0, shown, shown);
        return el("div", {title: t("cifar.given.patch", {number: i + 1, row: r + 1, column: c + 1})}, canvas, el("span", {}, String(i + 1)));
      }));
  };

  const inputs = (bytes) => {
    const beit = now.models.find((model) => model.patch);
    const box = el("div"), show = (name) => {
      given = name;
      const n = beit ? (beit.side / beit.patch) ** 2 : 0;
      lab.clear(box, el("p", {class: "lab-caption"}, name === "row" ? t("cifar.given.row_caption") : t("cifar.given.patches_caption", {count: n, side: beit.side, patch: beit.patch})),
        name === "row" ? row(bytes) : patches(bytes, beit));
      buttons.forEach((button) => button.setAttribute("aria-checked", String(button.dataset.given === name)));
    };
    const buttons = [["row", "MLP"], ...(beit ? [["patches", "BEiT"]] : [])].map(([name, who]) => el("button", {type: "button", role: "radio", class: "lab-chip", "data-given": name,
      onclick: () => show(name)}, t("cifar.given.to", {who})));
    show(given === "patches" && beit ? "patches" : "row");
    return el("div", {class: "cifar-given"}, el("div", {class: "lab-control", role: "radiogroup", "aria-label": t("cifar.given.title")}, el("span", {class: "lab-label"}, t("cifar.given.title")), ...buttons), box);
  };

  const draw = () => {
    const bytes = cifar.bytes(now.pixels), known = now.truth !== undefined && now.truth !== null;
    const shown = el("div", {class: "cifar-shown"}, cifar.picture(bytes, 0, 140, known ? cifar.name(now.truth) : t("cifar.picture.yours")),
      el("p", {}, known ? t("cifar.picture.truth", {name: cifar.name(now.truth)}) : t("cifar.picture.unknown")),
      now.size ? el("p", {class: "lab-caption"}, t("cifar.picture.fitted", {width: now.size[0], height: now.size[1]})) : null);
    const rows = () => [["class", ...now.models.map((m) => m.name)], ...cifar.CLASSES.map((name, k) => [name, ...now.models.map((m) => m.probabilities[k])])];
    const main = el("div", {},
      el("p", {class: "lab-said"}, t("cifar.answered", {models: now.models.map((m) => `${m.title} (${t(`cifar.origin.${m.origin}`)})`).join(", ")})),
      el("div", {class: "lab-notes", role: "status"}, ...cifar.missing(now.missing), ...(now.notes || []).map((note) => el("p", {}, note))),
      el("div", {class: "cifar-said-of"}, shown, ...now.models.map((model) => bars(model, now.truth))), agreement(), inputs(bytes));
    lab.clear(body, cifar.frame("picture", main, {
      csv: rows, json: () => ({truth: known ? cifar.CLASSES[now.truth] : null, models: now.models}), png: () => paper(bytes), link: () => lab.link({lab: "cifar", ...lab.views.cifar()})}));
    choice.querySelectorAll(".cifar-pick").forEach((button) => button.setAttribute("aria-pressed", String(now.place === Number(button.dataset.place))));
  };

  const paper = (bytes) => {
    const [canvas, pen] = cifar.paper(220 + 240 * now.models.length, 230), ink = pen.fillStyle;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(cifar.picture(bytes, 0, 32), 20, 40, 160, 160);
    now.models.forEach((model, m) => {
      const x = 210 + 240 * m;
      pen.fillStyle = ink;
      pen.font = "600 14px sans-serif";
      pen.fillText(model.title, x, 28);
      pen.font = "12px sans-serif";
      [...model.probabilities.keys()].sort((a, b) => model.probabilities[b] - model.probabilities[a]).slice(0, TOP).forEach((k, i) => {
        pen.fillStyle = ink;
        pen.fillText(`${cifar.name(k)}  ${cifar.percent(model.probabilities[k])}`, x, 56 + 34 * i);
        pen.fillStyle = model.color;
        pen.fillRect(x, 62 + 34 * i, 200 * model.probabilities[k], 8);
      });
    });
    return canvas;
  };

  cifar.fields.picture = () => (now && now.place !== undefined ? {source: now.source, place: now.place} : {});
  return async (message) => {
    if (message.gallery) await showChoice(message.gallery);
    now = message.classified;
    draw();
  };
});
