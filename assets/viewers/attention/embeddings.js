// What goes into the first layer: token + position + segment; what masking, swapping and leaving out change.
(() => {
  const lab = AttentionLab;
  const PARTS = [["token", "#0072b2"], ["position", "#e69f00"], ["segment", "#009e73"]];

  const bar = (value, most, color, kind) => lab.el("span", {class: "lab-norm", title: `${kind}: ${value.toFixed(3)}`},
    lab.el("i", {style: {width: `${Math.round(100 * value / most)}%`, background: color}}), lab.el("span", {dir: "ltr"}, value.toFixed(2)));

  const draw = (store, panel) => {
    const look = store.current(), found = store.extra.embeddings, {tokens} = look;
    if (!found) {
      if (store.embeddingsAsked !== look) { store.embeddingsAsked = look; store.ask("embeddings", {}, () => { store.embeddingsAsked = null; }); }
      panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working")));
      return;
    }
    const n = found.norms, most = Math.max(...PARTS.flatMap(([part]) => n[part])), masked = new Set(look.look.masked);
    const segments = lab.el("div", {class: "lab-control", role: "radiogroup", "aria-label": lab.t("attention.embeddings.segments")},
      lab.el("span", {class: "lab-label"}, lab.t("attention.embeddings.segments")),
      ...lab.attention.SEGMENTS.map((name) => lab.el("button", {type: "button", class: "lab-chip", role: "radio", "data-segments": name,
        "aria-checked": String(look.look.segments === name), onclick: () => store.lookAgain({segments: name})}, lab.t(`attention.embeddings.${name}`))));
    // What the segments change is seen where two looks stand side by side.
    const seen = lab.el("p", {}, ...["swapped", "zero"].map((name) => lab.el("button", {type: "button", class: "lab-small", "data-contrast": name,
      onclick: () => lab.attention.compare.contrast(name)}, lab.t(`attention.embeddings.contrast_${name}`))).flatMap((button) => [button, " "]));
    const toggle = (i) => {
      if (masked.has(i)) masked.delete(i); else masked.add(i);
      store.lookAgain({masked: [...masked].sort((a, b) => a - b)});
    };
    const t = (key) => lab.t(`attention.embeddings.${key}`);
    const body = tokens.texts.map((text, i) => lab.el("tr", {}, lab.el("td", {dir: "ltr"}, String(i)),
      lab.el("td", {}, lab.el("button", {type: "button", class: "lab-chip", "data-mask": i, disabled: Boolean(tokens.special[i]), "aria-pressed": String(masked.has(i)), onclick: () => toggle(i)}, lab.el("bdi", {}, text))),
      lab.el("td", {dir: "ltr"}, String(tokens.ids[i])), lab.el("td", {}, tokens.segments[i] ? "B" : "A"),
      ...PARTS.map(([part, color]) => lab.el("td", {}, bar(n[part][i], most, color, t(`norm_${part}`)))), lab.el("td", {dir: "ltr"}, n.summed[i].toFixed(2))));
    panel.append(lab.el("p", {class: "lab-caption"}, t("caption")), segments, seen, lab.el("p", {class: "lab-caption"}, t("mask")),
      lab.el("div", {class: "lab-table"}, lab.el("table", {}, lab.el("thead", {}, lab.el("tr", {},
        ...["position", "token", "id", "segment", "norm_token", "norm_position", "norm_segment", "norm_summed"].map((name) => lab.el("th", {scope: "col"}, t(name))))),
      lab.el("tbody", {}, ...body))), occlusion(store));
  };

  const occlusion = (store) => {
    const found = store.extra.occlusion, look = store.current(), box = lab.el("div", {class: "lab-step"});
    if (!found && look.tokens.texts.length > look.occluded) {
      box.append(lab.el("button", {type: "button", class: "lab-chip lab-occlude", disabled: true}, lab.t("attention.embeddings.occlusion")),
        lab.el("p", {class: "lab-caption"}, lab.t("attention.embeddings.occlusion_long", {limit: look.occluded, total: look.tokens.texts.length})));
      return box;
    }
    if (!found) {
      const button = lab.el("button", {type: "button", class: "lab-chip lab-occlude", onclick: () => {
        button.textContent = lab.t("app.working");
        button.disabled = true;
        store.ask("occlusion", {}, () => { button.textContent = lab.t("attention.embeddings.occlusion"); button.disabled = false; });
      }},
        lab.t("attention.embeddings.occlusion"));
      box.append(button);
      return box;
    }
    const change = Math.max(...found.change) || 1, received = Math.max(...found.received) || 1;
    box.append(lab.el("h3", {}, lab.t("attention.embeddings.occlusion")), lab.el("p", {class: "lab-caption"}, lab.t("attention.embeddings.occlusion_caption")),
      lab.el("div", {class: "lab-table"}, lab.el("table", {class: "lab-occlusion"}, lab.el("thead", {}, lab.el("tr", {},
        ...["token", "change", "received"].map((name) => lab.el("th", {scope: "col"}, lab.t(`attention.embeddings.${name}`))))),
      lab.el("tbody", {}, ...look.tokens.texts.map((text, i) => (look.tokens.special[i] ? null : lab.el("tr", {}, lab.el("td", {}, lab.el("bdi", {}, text)),
        lab.el("td", {}, wide(found.change[i], change, "#d55e00")), lab.el("td", {}, wide(found.received[i], received, "#0072b2"))))).filter(Boolean)))));
    return box;
  };
  const wide = (value, most, color) => lab.el("span", {class: "lab-norm lab-wide"},
    lab.el("i", {style: {width: `${Math.round(100 * value / most)}%`, background: color}}), lab.el("span", {dir: "ltr"}, value.toFixed(4)));

  const rows = (store) => {
    const {tokens} = store.current(), n = store.extra.embeddings?.norms, o = store.extra.occlusion;
    if (!n) return null;
    return [["position", "token", "id", "segment", "norm_token", "norm_position", "norm_segment", "norm_sum", "left_out", "attention_received"],
      ...tokens.texts.map((text, i) => [i, text, tokens.ids[i], tokens.segments[i], n.token[i], n.position[i], n.segment[i], n.summed[i], o ? o.change[i] : "", o ? o.received[i] : ""])];
  };
  lab.attention.embeddings = {controls: [], draw, exports: (store, panel) => ({png: () => lab.paintNode(panel), csv: () => rows(store),
    json: () => ({look: store.current().look, tokens: store.current().tokens, norms: store.extra.embeddings?.norms, occlusion: store.extra.occlusion ?? null})})};
})();
