// The quiz. Which answer was chosen, and the score, never leave the browser.
AttentionLab.define("learn-quiz", (root, channel) => {
  const lab = AttentionLab, {el, t, clear} = lab, learn = lab.learn;
  const chosen = new Map(); // question → option
  let questions = [], own = null, waiting = false, sentence = lab.t("attention.examples.reference.a");

  const all = () => [...questions, ...(own ? own.questions : [])];
  const score = el("p", {class: "learn-score", role: "status"});
  const count = () => {
    const answered = all().filter((question) => chosen.has(question.name));
    const right = answered.filter((question) => chosen.get(question.name) === question.right).length;
    score.textContent = t("learn.score", {right, answered: answered.length, total: all().length});
  };

  const optionText = (question, option) => (question.live ? option : t(`learn.quiz.${question.name}.options.${option}`));
  const why = (question, option) => {
    const place = question.options.indexOf(option);
    if (!question.live) return t(`learn.quiz.${question.name}.why.${option}`);
    const note = question.notes[place] ? t("learn.measured", {option, value: question.notes[place]}) : "";
    return `${note} ${t(`learn.quiz.${question.name}.why`, question.fields)}`.trim();
  };

  const card = (question, place) => {
    const box = el("fieldset", {class: "learn-question", "data-question": question.name});
    const draw = () => {
      const picked = chosen.get(question.name), done = picked !== undefined;
      clear(box, el("legend", {}, `${place + 1}. ${t(`learn.quiz.${question.name}.text`, question.fields)}`),
        ...question.options.map((option) => el("label", {class: "learn-option"},
          el("input", {type: "radio", name: `quiz-${question.name}`, value: option, checked: option === picked, disabled: done,
            onchange: () => { chosen.set(question.name, option); draw(); count(); }}),
          el("bdi", {}, optionText(question, option)),
          done && option === picked ? el("span", {class: "learn-picked"}, ` (${t("learn.picked")})`) : null,
          done && option === question.right ? el("strong", {class: "learn-right"}, ` ✓ ${t("learn.right")}`) : null,
          done && option === picked && option !== question.right ? el("strong", {class: "learn-wrong"}, ` ✗ ${t("learn.wrong")}`) : null,
          done ? el("span", {class: "learn-why"}, why(question, option)) : null)),
        done ? el("a", {class: "learn-link", href: lab.link({lab: "learn", view: "walk", station: question.station})}, t(`learn.stations.${question.station}.title`)) : null);
    };
    draw();
    return box;
  };

  const redraw = () => {
    const field = el("input", {type: "text", value: sentence, maxlength: 400, dir: "auto", class: "learn-sentence", "aria-label": t("learn.your_sentence"),
      oninput: (event) => { sentence = event.target.value; }, onkeydown: (event) => { if (event.key === "Enter") ask(); }});
    const ask = () => {
      waiting = true;
      (own ? own.questions : []).forEach((question) => chosen.delete(question.name));
      own = null;
      redraw();
      channel.ask("submit", {sentence, seed: Math.floor(Math.random() * 1e6)}, () => { waiting = false; redraw(); });
    };
    const blank = (name) => el("span", {}, t(name), " ", el("i", {}));
    clear(root, el("div", {class: "learn-sheet"}, el("h2", {}, `${t("app.name")} · ${t("learn.views.quiz")}`), blank("learn.name"), blank("learn.date")),
      el("p", {class: "lab-said learn-screen"}, t("learn.quiz_intro")),
      el("div", {class: "lab-controls learn-tools"}, score,
        el("button", {type: "button", class: "lab-small", onclick: () => window.print()}, t("learn.print")),
        el("button", {type: "button", class: "lab-small", onclick: () => { chosen.clear(); redraw(); }}, t("learn.again"))),
      ...questions.map(card),
      el("h3", {class: own ? null : "learn-screen"}, t("learn.own_title")), el("p", {class: "lab-said learn-screen"}, t("learn.own_intro")),
      el("div", {class: "lab-controls learn-tools"}, field, el("button", {type: "button", class: "lab-small learn-ask", onclick: ask}, t("learn.ask"))),
      waiting ? el("p", {class: "lab-wait"}, t("app.working")) : null,
      own ? el("p", {class: "lab-said"}, el("bdi", {}, own.sentence), " · ", t("learn.drawn", {model: own.model})) : null,
      ...(own ? own.questions.map((question, i) => card(question, questions.length + i)) : []));
    count();
  };

  return (message) => {
    if (message.kind === "quiz") questions = message.questions; else { own = message; waiting = false; }
    redraw();
    if (message.kind === "live") root.querySelector(`[data-question="${own.questions[0].name}"]`).scrollIntoView({block: "nearest"});
  };
});
