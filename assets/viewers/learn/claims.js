// Claims, each with what is done to test it, a button that tries it, and the verdict with its measured values.
AttentionLab.define("learn-claims", (root, channel) => {
  const lab = AttentionLab, {el, t, clear} = lab, learn = lab.learn;
  const query = new URLSearchParams(location.search);
  const linked = query.get("lab") === "learn" ? query.get("claim") : null;
  const number = (name, fallback) => (query.get("lab") === "learn" && /^\d+$/.test(query.get(name) || "") ? Number(query.get(name)) : fallback);
  const found = {}, waiting = new Set(), boxes = {};
  let claims = [], last = linked, seed = number("seed", 0);

  const attempt = (claim) => {
    waiting.add(claim.name);
    last = claim.name;
    fill(claim);
    channel.ask("submit", {claim: claim.name, count: claim.asked, seed}, () => { waiting.delete(claim.name); fill(claim); });
  };

  // Numbers run left to right in a right-to-left sentence, signs and all.
  const upright = (values) => (root.dir === "rtl" ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `\u2066${value}\u2069`])) : values);

  const exhibit = (claim, one) => {
    const said = t(`learn.claims.${claim.name}.pictures.${one.name}`);
    const canvas = el("canvas", {width: one.size[1], height: one.size[0], role: "img", "aria-label": said});
    learn.photo(one).then((picture) => canvas.getContext("2d").drawImage(picture, 0, 0));
    return el("figure", {}, canvas, el("figcaption", {}, said));
  };

  const outcome = (claim) => {
    if (waiting.has(claim.name)) return el("p", {class: "lab-wait"}, t("app.working"));
    const finding = found[claim.name];
    if (!finding) return null;
    if (finding.kind === "failed") return el("div", {class: "lab-notes"}, el("p", {}, finding.problem), el("p", {}, t("learn.untried")));
    const label = (condition) => t(`learn.claims.${claim.name}.conditions.${condition.name}`, condition.fields) + (condition.control ? ` (${t("learn.control")})` : "");
    const rows = finding.conditions.map((condition) => ({name: label(condition), parts: [{...condition, color: condition.control ? "#7f7f7f" : "#0072b2"}]}));
    const size = claim.sample === "none" ? t("learn.counted") : t(`learn.sample.${claim.sample}`, {total: finding.total, seed: finding.seed, source: t(`learn.sources_of.${finding.source}`)});
    return el("div", {},
      el("p", {class: `learn-verdict learn-${finding.verdict}`}, el("span", {"aria-hidden": "true"}, {supported: "✓ ", refuted: "✗ ", partly: "◐ ", undecided: "? "}[finding.verdict]),
        el("strong", {}, t(`learn.verdicts.${finding.verdict}`)), " — ", t(`learn.claims.${claim.name}.verdicts.${finding.verdict}`, upright(finding.values)).replaceAll(" %", "\u00a0%")),
      finding.exhibits.length ? el("div", {class: "learn-exhibits"}, ...finding.exhibits.map((one) => exhibit(claim, one))) : null,
      finding.classes.length ? el("p", {class: "learn-key"}, ...finding.classes.map((one) => el("span", {}, el("i", {style: {background: one.color}}), t(`classes.${one.id}`)))) : null,
      learn.bars(rows, finding.unit, t(`learn.claims.${claim.name}.title`)),
      el("p", {class: "lab-said"}, size, finding.models.length ? ` · ${t("learn.drawn", {model: finding.models.join(", ")})}` : ""),
      el("p", {}, t(`learn.claims.${claim.name}.read`)),
      lab.exports(`claim-${claim.name}`, {csv: () => [["", "value", "low", "high"], ...finding.conditions.map((c) => [label(c), c.value, c.low ?? "", c.high ?? ""])],
        json: () => ({...finding, exhibits: undefined}), link: () => lab.link({lab: "learn", view: "claims", claim: claim.name, seed})}));
  };

  const fill = (claim) => {
    const sized = claim.sample !== "none";
    clear(boxes[claim.name],
      el("h3", {}, t(`learn.claims.${claim.name}.title`)),
      el("blockquote", {}, t(`learn.claims.${claim.name}.claim`)),
      el("p", {}, t(`learn.claims.${claim.name}.test`)),
      el("div", {class: "lab-controls"},
        sized ? el("label", {class: "lab-check"}, t("learn.size"), el("input", {type: "number", min: 1, max: claim.most, value: claim.asked,
          class: "learn-number", onchange: (event) => { claim.asked = Number(event.target.value); }})) : null,
        el("button", {type: "button", class: "lab-small learn-try", disabled: waiting.has(claim.name), onclick: () => attempt(claim)}, t("learn.try"))),
      outcome(claim));
  };

  learn.fields.claims = () => ({claim: last || "", seed: seed || ""});
  return (message) => {
    if (message.kind === "claims") {
      claims = message.claims.map((claim) => ({...claim, asked: claim.name === linked ? number("count", claim.count) : claim.count}));
      claims.forEach((claim) => { boxes[claim.name] = el("section", {class: "learn-claim", id: `claim-${claim.name}`}); });
      const alone = linked && query.get("controls") === "0" && boxes[linked]; // a lesson about one claim shows that one
      clear(root, el("p", {class: "lab-said"}, t("learn.claims_intro")),
        el("label", {class: "lab-check learn-claims-seed"}, t("learn.seed"), el("input", {type: "number", min: 0, value: seed, class: "learn-number", onchange: (event) => { seed = Number(event.target.value); }})),
        ...(alone ? [alone] : claims.map((claim) => boxes[claim.name])));
      claims.forEach(fill);
      const first = claims.find((claim) => claim.name === linked) || claims.find((claim) => claim.name === "layers");
      if (linked) requestAnimationFrame(() => boxes[first.name].scrollIntoView({block: "start"}));
      attempt(first);
      return;
    }
    waiting.delete(message.claim);
    found[message.claim] = message;
    fill(claims.find((claim) => claim.name === message.claim));
  };
});
