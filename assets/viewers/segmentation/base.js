// What the views of the Segmentation lab share: canvases of the picture, maps of ids, places, names.
(() => {
  const lab = AttentionLab;
  const seg = (lab.segmentation = {views: {}});

  seg.percent = (share, digits = 1) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`);
  seg.rgb = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

  seg.image = (url) => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("the picture could not be drawn"));
    image.src = url;
  });

  seg.canvas = (width, height, attributes = {}) => lab.el("canvas", {width, height, ...attributes});

  // As wide as its place, but no higher than most of the window.
  seg.fit = (canvas) => { canvas.style.width = `min(100%, ${Math.round(74 * canvas.width / canvas.height)}vh)`; return canvas; };

  // ids (Uint8Array), size and a function id → [r, g, b, a] or null → a canvas.
  seg.paint = (ids, [width, height], color) => {
    const canvas = seg.canvas(width, height), data = new ImageData(width, height), cache = new Array(256);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i], c = cache[id] === undefined ? (cache[id] = color(id)) : cache[id];
      if (!c) continue;
      data.data[4 * i] = c[0]; data.data[4 * i + 1] = c[1]; data.data[4 * i + 2] = c[2]; data.data[4 * i + 3] = c[3] ?? 255;
    }
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  };

  // A canvas with a white, dark-edged line wherever two neighbours differ.
  seg.outlines = (ids, [width, height]) => {
    const canvas = seg.canvas(width, height), data = new ImageData(width, height);
    const put = (i, v) => { if (i >= 0 && i < ids.length) { data.data[4 * i] = data.data[4 * i + 1] = data.data[4 * i + 2] = v; data.data[4 * i + 3] = 255; } };
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if ((x + 1 < width && ids[i] !== ids[i + 1]) || (y + 1 < height && ids[i] !== ids[i + width])) { put(i, 255); put(i + 1, 20); put(i + width, 20); }
    }
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  };

  // Where to write a class's name: the place of its region that lies farthest from any other class, on a coarse grid.
  seg.middles = (ids, [width, height]) => {
    const step = Math.max(1, Math.round(Math.max(width, height) / 96)), w = Math.ceil(width / step), h = Math.ceil(height / step);
    const at = (x, y) => ids[Math.min(height - 1, y * step) * width + Math.min(width - 1, x * step)];
    const far = new Int16Array(w * h), best = new Map();
    const look = (x, y, id) => (x < 0 || y < 0 || x >= w || y >= h || at(x, y) !== id ? 0 : far[y * w + x]);
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) { const id = at(x, y); far[y * w + x] = 1 + Math.min(look(x - 1, y, id), look(x, y - 1, id)); }
    for (let y = h - 1; y >= 0; y--) for (let x = w - 1; x >= 0; x--) {
      const id = at(x, y), d = Math.min(far[y * w + x], 1 + Math.min(look(x + 1, y, id), look(x, y + 1, id)));
      far[y * w + x] = d;
      if (!best.has(id) || best.get(id).far < d) best.set(id, {far: d, x: x * step, y: y * step});
    }
    return best;
  };

  // The place under a pointer, 0..1 down and across, and the pixel there.
  seg.place = (event, canvas) => {
    const box = canvas.getBoundingClientRect();
    const across = Math.max(0, Math.min(0.99999, (event.clientX - box.left) / box.width)), down = Math.max(0, Math.min(0.99999, (event.clientY - box.top) / box.height));
    return {down, across, x: Math.floor(across * canvas.width), y: Math.floor(down * canvas.height)};
  };

  // Lets the keyboard walk over a canvas: arrows move a cross by one of (rows, columns), `at` hears where it is.
  seg.walk = (canvas, rows, columns, {at, enter, escape}) => {
    const cross = {down: 0.5, across: 0.5};
    canvas.addEventListener("keydown", (event) => {
      const moves = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
      if (moves) {
        cross.down = Math.max(0, Math.min(0.99999, cross.down + moves[0] / rows));
        cross.across = Math.max(0, Math.min(0.99999, cross.across + moves[1] / columns));
      } else if (event.key === "Enter" && enter) enter(cross);
      else if (event.key === "Escape" && escape) escape();
      else return;
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      at({...cross, x: Math.floor(cross.across * canvas.width), y: Math.floor(cross.down * canvas.height)},
        {clientX: box.left + cross.across * box.width, clientY: box.top + cross.down * box.height});
    });
    return cross;
  };

  seg.name = (store, id) => (id === 0 ? lab.t("segmentation.unlabelled") : store.now.classes[id]?.name ?? String(id));
  seg.color = (store, id) => (store.now.classes[id] ? seg.rgb(store.now.classes[id].color) : [0, 0, 0]);
  seg.confidence = (now, down, across) => {
    const [h, w] = now.confidence_size;
    return now.confidenceMap[Math.min(h - 1, Math.floor(down * h)) * w + Math.min(w - 1, Math.floor(across * w))] / 255;
  };
  seg.swatch = (color) => lab.el("i", {class: "seg-swatch", style: {background: color}});
})();
