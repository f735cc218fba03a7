// The ground that every viewer stands on: mounting, texts, numbers, tooltips, exports.
(() => {
  const lab = window.AttentionLab;
  const makers = {};
  lab.attention = {}; // the views of the Attention lab, by name

  // A viewer is `define(name, (root, channel) => receive)`: it draws into root; `receive(message)` is called for each
  // message of the server; `channel.ask(event, data, forget)` answers, and says so where that fails (asks.js).
  lab.define = (name, make) => { makers[name] = make; };

  lab.mount = (name, element, {props, watch, trigger}) => {
    const root = element.querySelector(".lab-viewer") || element;
    root.dir = document.documentElement.dir || "ltr"; // gradio's HTML component is left to right whatever the page is
    const channel = lab.channel(root, trigger);
    const receive = makers[name](root, channel) || (() => {});
    let last = "";
    const read = () => {
      const text = props.value;
      if (!text || text === last) return;
      last = text;
      const message = JSON.parse(text);
      channel.received(message);
      receive(message);
    };
    watch("value", read);
    read();
  };

  // A text that keeps its own direction and disturbs none around it (Unicode's FSI and PDI).
  lab.isolated = (text) => `\u2068${text}\u2069`;

  // Text of the page's language; {fields} are filled with plain text, in a right-to-left page each with its own direction.
  lab.t = (key, values = {}) => {
    const put = (value) => (document.documentElement.dir === "rtl" && !/^\d*$/.test(value) ? lab.isolated(value) : String(value));
    return (lab.texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? put(values[name]) : whole));
  };

  // An element: el("button", {class: "x", onclick: f}, "text", child …). Strings become text nodes, never HTML.
  lab.el = (tag, attributes = {}, ...children) => {
    const svg = ["svg", "g", "line", "path", "rect", "text", "circle", "title", "polyline"].includes(tag);
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "style" && typeof value === "object") {
        for (const [rule, set] of Object.entries(value)) {
          if (rule.startsWith("--")) node.style.setProperty(rule, set); else node.style[rule] = set;
        }
      }
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };

  // Deflated base64 → Uint8Array. The browser inflates by itself.
  lab.unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  // A plane of low bytes, then one of high bytes → Uint16Array.
  lab.unpack16 = async (text) => {
    const planes = await lab.unpack(text);
    const half = planes.length / 2;
    const out = new Uint16Array(half);
    for (let i = 0; i < half; i++) out[i] = planes[i] | (planes[half + i] << 8);
    return out;
  };

  lab.unpackFloats = async (text) => new Float32Array((await lab.unpack(text)).buffer);

  // Twelve colours that stay apart for the colour-blind (after Okabe & Ito, and Tol's muted set), then round again.
  const HEADS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
    "#882255", "#999933", "#44aa99", "#6a5acd", "#b8860b", "#7f7f7f"];
  lab.headColor = (head) => HEADS[head % HEADS.length];

  // 0..1 → colour from paper to deep blue, legible on light and on dark pages alike (viridis reversed in lightness).
  const RAMP = [[247, 251, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]];
  lab.heat = (share) => {
    const at = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
    const low = Math.min(RAMP.length - 2, Math.floor(at));
    return RAMP[low].map((c, i) => Math.round(c + (RAMP[low + 1][i] - c) * (at - low)));
  };

  // Black or white, whichever can be read better on a colour of the ramp (WCAG's relative luminance).
  lab.inkOn = (share) => {
    const [r, g, b] = lab.heat(share).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  };

  // One tooltip for the page.
  let tip = null;
  lab.tip = (event, text) => {
    if (!tip) { tip = lab.el("div", {class: "lab-tip", role: "status"}); document.body.append(tip); }
    if (!text) { tip.style.display = "none"; return; }
    tip.textContent = text;
    tip.style.display = "block";
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(innerWidth - box.width - 8, event.clientX + 14))}px`;
    tip.style.top = `${event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18}px`;
  };

  lab.download = (name, content, type) => {
    const blob = content instanceof Blob ? content : new Blob([content], {type});
    const link = lab.el("a", {href: URL.createObjectURL(blob), download: name});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // Rows → CSV. A cell that a spreadsheet would run as a formula is given as text.
  lab.csv = (rows) => rows.map((row) => row.map((cell) => {
    let text = String(cell);
    if (typeof cell === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }).join(",")).join("\r\n");

  // The address of a view: what is there is kept (language, theme), `fields` are set, empty ones taken out.
  lab.link = (fields) => {
    const url = new URL(location.href);
    const keep = new URLSearchParams();
    for (const name of ["lang", "__theme"]) if (url.searchParams.get(name)) keep.set(name, url.searchParams.get(name));
    for (const [name, value] of Object.entries(fields)) {
      if (value !== "" && value !== null && value !== undefined && value !== false) keep.set(name, value);
    }
    url.search = keep.toString();
    return url.toString();
  };

  // What every lab registers, so that the header's button knows what is on screen: lab → () => fields.
  lab.views = {};

  // What is on screen now, as the fields of its link; and that link.
  lab.LABS = ["attention", "segmentation", "cifar", "learn", "models"];
  lab.onScreen = () => {
    const shown = document.querySelector("#labs [role=tab][aria-selected=true]");
    const name = lab.LABS.find((n) => shown && shown.textContent.trim() === lab.t(`app.tabs.${n}`)) || "attention";
    return {lab: name, ...(lab.views[name] ? lab.views[name]() : {})};
  };
  lab.here = () => lab.link(lab.onScreen());

  lab.copy = async (text, button) => {
    const said = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The clipboard needs https or localhost; a classroom server has neither, so offer the address for copying by hand.
      window.prompt(lab.t("app.link"), text);
      return;
    }
    button.textContent = lab.t("app.link_copied");
    setTimeout(() => { button.textContent = said; }, 1500);
  };

  // Export buttons, in the same place under every picture: makers by kind ({png: () => canvas, csv: () => rows, json: () => object}).
  lab.exports = (name, makers) => lab.el("div", {class: "lab-exports", role: "group", "aria-label": lab.t("app.export")},
    ...Object.entries(makers).filter(([, make]) => make).map(([kind, make]) => lab.el("button", {
      class: "lab-small", type: "button", onclick: async (event) => {
        const content = await make();
        if (!content) return;
        if (kind === "link") return lab.copy(content, event.target);
        if (kind === "png") content.toBlob((blob) => lab.download(`${name}.png`, blob));
        if (kind === "csv") lab.download(`${name}.csv`, "\ufeff" + lab.csv(content), "text/csv");
        if (kind === "json") lab.download(`${name}.json`, JSON.stringify(content, null, 1), "application/json");
      }}, lab.t(`app.${kind}`))));

  // A table that can be sorted by a click on a column's name. columns: [{name, title, number}], rows: arrays.
  lab.table = (columns, rows, {onrow, sorted = -1, down = true} = {}) => {
    const body = lab.el("tbody");
    let by = sorted, descending = down;
    const heads = columns.map((column, i) => lab.el("th", {scope: "col", "aria-sort": "none"},
      lab.el("button", {type: "button", title: column.title || "", onclick: () => {
        descending = by === i ? !descending : true;
        by = i;
        fill();
      }}, column.name)));
    const fill = () => {
      const order = rows.map((row, i) => i);
      if (by >= 0) order.sort((i, j) => (descending ? -1 : 1) *
        (typeof rows[i][by] === "number" ? rows[i][by] - rows[j][by] : String(rows[i][by]).localeCompare(String(rows[j][by]))));
      heads.forEach((head, i) => head.setAttribute("aria-sort", i !== by ? "none" : descending ? "descending" : "ascending"));
      body.replaceChildren(...order.map((i) => lab.el("tr", onrow ? {tabindex: 0, class: "lab-pick", onclick: () => onrow(rows[i]),
        onkeydown: (event) => { if (event.key === "Enter") onrow(rows[i]); }} : {},
      ...rows[i].map((cell, c) => lab.el("td", {}, typeof cell === "number" && columns[c].digits !== undefined ? cell.toFixed(columns[c].digits) : String(cell))))));
    };
    fill();
    return lab.el("div", {class: "lab-table"}, lab.el("table", {}, lab.el("thead", {}, lab.el("tr", {}, ...heads)), body));
  };

  // A row of view buttons: a tab list that the keyboard can walk. views: [[name, title]].
  lab.tabs = (views, selected, choose, label) => {
    const buttons = views.map(([name, title]) => lab.el("button", {type: "button", role: "tab", id: `lab-view-${name}`,
      "aria-selected": String(name === selected), tabindex: name === selected ? 0 : -1, "data-view": name,
      onclick: () => pick(name)}, title));
    const pick = (name) => {
      buttons.forEach((button) => {
        const on = button.dataset.view === name;
        button.setAttribute("aria-selected", String(on));
        button.tabIndex = on ? 0 : -1;
      });
      sight();
      choose(name);
    };
    const row = lab.el("div", {class: "lab-tabs", role: "tablist", "aria-label": label, onkeydown: (event) => {
      const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
      const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
      if (!step) return;
      const at = buttons.findIndex((button) => button.getAttribute("aria-selected") === "true");
      const next = buttons[(at + step + buttons.length) % buttons.length];
      next.focus();
      pick(next.dataset.view);
      event.preventDefault();
    }}, ...buttons);
    row.pick = pick;
    // Where a phone cannot show them all, the selected one is brought into the row's sight, without moving the page.
    const sight = () => {
      const button = buttons.find((one) => one.getAttribute("aria-selected") === "true");
      if (!button) return;
      const [inner, outer] = [button.getBoundingClientRect(), row.getBoundingClientRect()];
      row.scrollLeft += inner.left < outer.left ? inner.left - outer.left - 24 : inner.right > outer.right ? inner.right - outer.right + 24 : 0;
    };
    lab.onResize(row, sight);
    return row;
  };

  lab.explain = (key) => lab.el("details", {class: "lab-explain", open: innerWidth > 900},
    lab.el("summary", {}, lab.t("app.explain")),
    ...lab.t(key).split("\n\n").map((paragraph) => lab.el("p", {}, paragraph)));

  // A drawn matrix that can be read: pointing at a cell, or walking there by arrow keys, says its value.
  lab.readCells = (canvas, {left, cell, rows, columns}, value, say) => {
    let spot = [0, 0];
    const go = (y, x) => {
      spot = [Math.max(0, Math.min(rows - 1, y)), Math.max(0, Math.min(columns - 1, x))];
      value.textContent = say(...spot);
    };
    canvas.onmousemove = (event) => {
      const box = canvas.getBoundingClientRect();
      const x = Math.floor((event.clientX - box.left - left) / cell), y = Math.floor((event.clientY - box.top - left) / cell);
      if (x < 0 || y < 0 || x >= columns || y >= rows) { lab.tip(event, ""); return; }
      go(y, x);
      lab.tip(event, value.textContent);
    };
    canvas.onmouseleave = (event) => lab.tip(event, "");
    canvas.onkeydown = (event) => {
      const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
      if (!step) return;
      event.preventDefault();
      go(spot[0] + step[0], spot[1] + step[1]);
    };
  };

  lab.clear = (node, ...children) => { node.replaceChildren(...children.filter(Boolean)); return node; };

  // Redraws when the page's size or its light changes.
  lab.onResize = (node, draw) => {
    let width = 0;
    new ResizeObserver(() => {
      if (!node.isConnected || Math.abs(node.clientWidth - width) < 2) return;
      width = node.clientWidth;
      draw();
    }).observe(node);
  };

  lab.ink = (name, fallback) => getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
})();
