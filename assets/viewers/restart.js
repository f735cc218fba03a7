// A server that went away. Gradio's page asks for `app_id` until it is back, and then loads itself anew from its address:
// so the address becomes the link to what is on screen before, and a line says afterwards what has happened.
(() => {
  const lab = window.AttentionLab;
  const MARK = "lab-was-away";
  const LONGEST = 8000; // characters; a server reads no address of any length

  // The open view with what a lesson's link says of it, and sentences as they are typed, which may be newer than the view.
  const kept = () => {
    const url = new URL(lab.here());
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (["title", "question", "controls"].includes(name)) url.searchParams.set(name, value);
    }
    for (const name of ["a", "b"]) {
      const box = document.querySelector(`#attention-${name} textarea, #attention-${name} input`);
      if (!box || url.searchParams.get("lab") !== "attention" || box.value === (url.searchParams.get(name) ?? "")) continue;
      url.searchParams.set(name, box.value);
      url.searchParams.delete("masked"); // places in another sentence
    }
    return url.toString();
  };

  const fetch = window.fetch;
  window.fetch = (input, ...more) => {
    if (new URL(input?.url ?? input, location.href).pathname.endsWith("/app_id")) {
      try {
        sessionStorage.setItem(MARK, "1");
        const address = kept();
        if (address.length <= LONGEST) history.replaceState(history.state, "", address);
      } catch (error) {
        console.warn(error); // a page that cannot keep its view still has to come back
      }
    }
    return fetch(input, ...more);
  };

  const say = () => {
    const line = lab.el("div", {id: "lab-back", role: "status"}, lab.t("app.lost"),
      lab.el("button", {type: "button", class: "lab-small", onclick: () => line.remove()}, lab.t("app.close")));
    document.body.append(line);
  };
  addEventListener("DOMContentLoaded", () => {
    if (!sessionStorage.getItem(MARK)) return;
    sessionStorage.removeItem(MARK);
    say();
  });
})();
