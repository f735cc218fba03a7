// Two of anything side by side: each side has its own model, sentence, layer and head.
(() => {
  const lab = AttentionLab;
  const query = new URLSearchParams(location.search);
  const linked = (name) => (/^[1-9]\d{0,2}$/.test(query.get(name) || "") ? Number(query.get(name)) - 1 : null);
  const SEGMENTS = lab.attention.SEGMENTS = ["normal", "swapped", "zero"];
  // null: as above, or, for the second side's head, the first's, and the one after it where all else is the same.
  const fresh = (side) => {
    const other = query.has(`a${side}`) ? {a: query.get(`a${side}`), b: query.get(`b${side}`) || ""} : null;
    const segments = SEGMENTS.includes(query.get(`segments${side}`)) ? query.get(`segments${side}`) : null;
    return {segments, layer: linked(`layer${side}`), head: linked(`head${side}`), model: query.get(`model${side}`) || null, other,
      typing: Boolean(other), draft: other || {a: "", b: ""}, asked: ""};
  };
  const state = {as: query.get("as") === "lines" ? "lines" : "matrix", sides: [fresh(1), fresh(2)]};
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // What a side shows: its slot in the store, and whether that slot already holds it.
  const wanted = (store, i) => {
    const side = state.sides[i], above = store.current().look;
    const look = {...above, model: side.model ?? above.model, ...(side.other ? {...side.other, masked: []} : {}), segments: side.segments ?? above.segments};
    const slot = same(look, above) ? 0 : i + 1, held = store.slots[slot];
    return {look, slot, held: held && same(held.look, look) ? held : null};
  };
  const place = (store, i, look) => {
    const side = state.sides[i], first = state.sides[0].head ?? store.head;
    const layer = Math.min(side.layer ?? store.layer, look.layers - 1);
    const alike = state.sides.every((one) => one.layer === null && !one.model && !one.other && !one.segments);
    const head = Math.min(side.head ?? (i && alike ? (first + 1) % look.heads : first), look.heads - 1);
    return {layer, head};
  };
  // → {look, slot, layer, head, content}; content is null while something is on its way.
  const ready = (store, i) => {
    const {look, slot, held} = wanted(store, i);
    if (!held) return {slot, look, content: null, ...place(store, i, store.current())};
    const at = place(store, i, held);
    return {slot, look: held, content: store.layerOf(slot, at.layer), ...at};
  };

  const select = (name, i, options, chosen, choose) => lab.el("label", {class: "lab-check"}, lab.t({sentence: "attention.sentence_a", segments: "attention.embeddings.segments"}[name] ?? `attention.${name}`),
    lab.el("select", {"data-compare": `${name}${i + 1}`, onchange: (event) => choose(event.target.value)},
      ...options.map(([value, text]) => lab.el("option", {value, selected: String(value) === String(chosen)}, text))));
  const counted = (n) => [...Array(n).keys()].map((at) => [at, String(at + 1)]);

  const controls = (store, i, shown) => {
    const side = state.sides[i], look = shown.content ? shown.look : store.current();
    const change = (changes) => { Object.assign(side, changes); store.set({}); };
    const field = (name) => lab.el("input", {type: "text", value: side.draft[name], dir: "auto", "data-compare": `${name}${i + 1}`, required: name === "a", pattern: name === "a" ? ".*\\S.*" : null,
      placeholder: lab.t(name === "a" ? "attention.sentence_a" : "attention.sentence_b"), "aria-label": lab.t(name === "a" ? "attention.sentence_a" : "attention.sentence_b"),
      oninput: (event) => { side.draft = {...side.draft, [name]: event.target.value}; }});
    const form = side.typing ? lab.el("form", {class: "lab-sentences", onsubmit: (event) => {
      event.preventDefault();
      change({other: {...side.draft}, asked: ""});
    }}, field("a"), field("b"), lab.el("button", {type: "submit", class: "lab-chip"}, lab.t("attention.compare.run"))) : null;
    return [lab.el("div", {class: "lab-control"},
      select("model", i, store.current().offered.map((spec) => [spec.name, spec.title]), side.model ?? store.current().look.model, (name) => change({model: name === store.current().look.model ? null : name, asked: ""})),
      select("layer", i, counted(look.layers), shown.layer, (layer) => change({layer: Number(layer)})),
      select("head", i, counted(look.heads), shown.head, (head) => change({head: Number(head)})),
      select("sentence", i, [["same", lab.t("attention.compare.same")], ["other", lab.t("attention.compare.other")]], side.typing ? "other" : "same",
        (name) => change(name === "same" ? {typing: false, other: null} : {typing: true})),
      select("segments", i, SEGMENTS.map((name) => [name, lab.t(`attention.embeddings.${name}`)]), side.segments ?? store.current().look.segments,
        (name) => change({segments: name, asked: ""}))), form];
  };

  const title = (shown) => lab.t("attention.compare.title", {layer: shown.layer + 1, head: shown.head + 1, model: shown.look.model.title});

  const row = ({content, head}, q) => {
    const T = content.texts.length, start = (Math.min(head, content.heads - 1) * T + q) * T;
    return [...content.w.subarray(start, start + T)].map((w) => w / 1000);
  };

  const draw = (store, panel) => {
    const kinds = lab.el("div", {class: "lab-control", role: "radiogroup", "aria-label": lab.t("attention.compare.as")}, ...["matrix", "lines"].map((name) =>
      lab.el("button", {type: "button", class: "lab-chip", role: "radio", "data-as": name, "aria-checked": String(name === state.as), onclick: () => { state.as = name; store.set({}); }}, lab.t(`attention.compare.${name}`))));
    const panes = [0, 1].map((i) => lab.el("section", {class: "lab-pane", "data-side": i + 1, "aria-label": lab.t("attention.compare.side", {side: i + 1})}));
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t(`attention.compare.caption_${state.as}`)), kinds, lab.el("div", {class: "lab-panes"}, ...panes));
    const shown = [0, 1].map((i) => ready(store, i));
    const scale = Math.max(0.02, ...shown.filter((side) => side.content).flatMap((side) => side.content.texts.map((_, q) => Math.max(...row(side, q)))));
    const whole = {...store, block: "all", scale}; // one colour, one weight, on both sides
    shown.forEach((side, i) => {
      const pane = panes[i], asked = JSON.stringify(side.look);
      pane.append(lab.el("h3", {}, lab.t("attention.compare.side", {side: i + 1})), ...controls(store, i, side).filter(Boolean));
      if (!side.content) {
        if (!side.look.layers && state.sides[i].asked !== asked) {
          state.sides[i].asked = asked;
          store.lookAgain(side.look, side.slot, () => { state.sides[i].asked = ""; });
        }
        pane.append(lab.el("p", {class: "lab-wait"}, lab.t("attention.compare.waiting")));
        return;
      }
      state.sides[i].asked = "";
      const tokens = side.look.look;
      pane.append(lab.el("p", {class: "lab-which"}, lab.el("strong", {}, title(side)), " ", lab.el("bdi", {}, [tokens.a, tokens.b].filter(Boolean).join(" | "))));
      if (state.as === "lines") lab.attention.heads.draw(whole, pane, side.slot, side.layer, [side.head]);
      else lab.attention.matrix.draw(whole, pane, side.slot, side.layer, side.head);
    });
    if (shown.some((side) => !side.content)) return;
    const found = lab.difference.of(...shown.map(({content, head}) => ({layer: content, head})));
    const below = lab.el("section", {class: "lab-pane"}, lab.el("h3", {}, lab.t("attention.compare.difference_title")));
    panel.append(below);
    if (found) lab.difference.draw(found, below);
    else below.append(lab.el("p", {class: "lab-caption"}, lab.t("attention.compare.incomparable")));
  };

  const both = (store) => {
    const shown = [0, 1].map((i) => ready(store, i));
    return shown.every((side) => side.content) ? shown : null;
  };
  const rows = (store) => both(store) && [["side", "model", "layer", "head", "query", "query_token", "key", "key_token", "weight"],
    ...both(store).flatMap((side, i) => side.content.texts.flatMap((from, q) => row(side, q).map((weight, k) =>
      [i + 1, side.look.model.name, side.layer + 1, side.head + 1, side.content.places[q] + 1, from, side.content.places[k] + 1, side.content.texts[k], weight])))];
  const object = (store) => both(store) && {row: "query", column: "key", sides: both(store).map((side) => ({model: side.look.model.name, a: side.look.look.a, b: side.look.look.b,
    layer: side.layer + 1, head: side.head + 1, tokens: side.content.texts, weights: side.content.texts.map((_, q) => row(side, q))}))};
  const picture = (store, panel) => {
    const shown = both(store), view = lab.attention[state.as === "lines" ? "heads" : "matrix"];
    if (!shown) return null;
    const parts = [...panel.querySelectorAll(".lab-pane")].map((pane, i) => [i < 2 ? title(shown[i]) : lab.t("attention.compare.difference_title"),
      i < 2 ? view.exports(store, pane).png() : lab.attention.matrix.exports(store, pane).png()]).filter(([, canvas]) => canvas);
    const HEAD = 44, width = parts.reduce((sum, [, canvas]) => sum + canvas.width + 20, 0), out = lab.el("canvas", {width, height: HEAD + Math.max(...parts.map(([, canvas]) => canvas.height))});
    const pen = out.getContext("2d"), dark = document.body.classList.contains("dark") && state.as === "matrix";
    pen.fillStyle = dark ? "#0b0f19" : "#fff";
    pen.fillRect(0, 0, out.width, out.height);
    let x = 0;
    for (const [text, canvas] of parts) {
      pen.fillStyle = dark ? "#fff" : "#111";
      pen.font = "22px sans-serif";
      pen.fillText(text, x + 8, 30, canvas.width);
      pen.drawImage(canvas, x, HEAD);
      x += canvas.width + 20;
    }
    return out;
  };
  const link = () => Object.fromEntries([["as", state.as === "lines" ? "lines" : ""], ...state.sides.flatMap((side, i) => [
    [`layer${i + 1}`, side.layer === null ? "" : side.layer + 1], [`head${i + 1}`, side.head === null ? "" : side.head + 1], [`model${i + 1}`, side.model ?? ""],
    [`segments${i + 1}`, side.segments ?? ""], [`a${i + 1}`, side.other?.a ?? ""], [`b${i + 1}`, side.other?.b ?? ""]])]);
  // The look with its segments as they are, beside the same look with others.
  const contrast = (segments) => {
    state.as = "matrix";
    state.sides = [fresh(0), fresh(0)];
    state.sides[0].segments = "normal";
    state.sides[1].segments = segments;
    document.getElementById("lab-view-compare").click();
  };
  lab.attention.compare = {contrast, controls: ["more"], draw, link, exports: (store, panel) => ({png: () => picture(store, panel), csv: () => rows(store), json: () => object(store)})};
})();
