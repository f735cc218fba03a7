// What viewers ask the server, and what is said when an answer does not come.
// A question is {event, data}; `forget` is called when it failed, for a viewer that remembers having asked.
export function addAsks(lab) {
  const KEPT = 40; // questions at most that wait for their answer
  const channels = new WeakMap(); // a viewer's root → its channel

  const SORTS = ["want", "slot", "claim"];
  const alike = (a, b) => a.event === b.event && SORTS.every((name) => a.data?.[name] === b.data?.[name]);
  // An answer carries no number, but its kind, and where it belongs.
  const answers = (ask, message) => (ask.data?.want === undefined || ask.data.want === message.kind) &&
    ["slot", "claim"].every((name) => ask.data?.[name] === undefined || message[name] === undefined || ask.data[name] === message[name]);

  const answered = (asks, message) => {
    const wanted = asks.find((ask) => ask.data?.want === message.kind) ?? asks.find((ask) => answers(ask, message));
    return asks.filter((ask) => ask !== wanted);
  };

  lab.channel = (root, trigger) => {
    let open = [], failed = [], last = {};
    const bar = lab.el("div", {class: "lab-failed", role: "alert"});
    const show = () => {
      root.classList.toggle("lab-has-failed", failed.length > 0);
      if (!failed.length) { bar.remove(); return; }
      bar.dir = root.dir;
      lab.clear(bar, lab.el("span", {}, lab.t("app.no_answer")), lab.el("button", {type: "button", class: "lab-small lab-again", onclick: () => {
        const asks = failed;
        failed = [];
        show();
        asks.forEach((ask) => ask.again());
      }}, lab.t("app.again")));
      if (!bar.isConnected) root.before(bar);
    };
    const send = (ask) => {
      open = [...open.slice(1 - KEPT), ask];
      last[ask.event] = ask;
      trigger(ask.event, ask.data);
    };
    const channel = {
      ask: (event, data, forget) => {
        const ask = {event, data, forget, again: () => send(ask)};
        failed = failed.filter((other) => !alike(other, ask)); // it takes their place
        show();
        send(ask);
      },
      received: (message) => {
        open = answered(open, message);
        failed = answered(failed.filter((ask) => !ask.foreign), message);
        show();
      },
      // The questions of an event that wait; gradio does not say which of them it was, so all may be asked again.
      unanswered: (event) => {
        const asks = open.filter((ask) => ask.event === event);
        open = open.filter((ask) => ask.event !== event);
        return asks.length || !last[event] ? asks : [last[event]];
      },
      fail: (asks) => {
        failed = [...failed.filter((old) => !asks.some((ask) => alike(old, ask))), ...asks];
        asks.forEach((ask) => ask.forget?.());
        show();
      },
    };
    channels.set(root, channel);
    return channel;
  };

  const channelOf = (id) => channels.get(document.querySelector(`#${CSS.escape(id)} .lab-viewer`));

  // Called where an event of the viewer `id` failed; `shown`: the viewer that waits for its answer, if that is another.
  lab.failed = (id, event, shown = id) => {
    const asks = channelOf(id)?.unanswered(event) ?? [];
    const foreign = asks.map((ask) => (shown === id ? ask : Object.assign(ask, {foreign: true})));
    // Nobody asked: the page was being opened, and is opened again.
    channelOf(shown)?.fail(foreign.length ? foreign : [{event, foreign: true, again: () => location.reload()}]);
  };
}
