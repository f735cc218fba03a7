// “Busy, number 2 of 3”: gradio tells a page where its events stand in the queue. It shows that in English, in some
// places, so the stream of its news is read here on its way, and one line says it for all labs.
(() => {
  const lab = window.AttentionLab;
  const PATIENCE = 700; // milliseconds: whose turn comes sooner need not read anything
  const LONGEST = 4000; // characters of a piece of news that can be about a place; results are longer
  const waiting = new Map(); // event → {place, size}
  let line = null, timer = 0;

  const show = () => {
    timer = 0;
    const first = [...waiting.values()].sort((a, b) => a.place - b.place)[0];
    if (!first) { line?.remove(); return; }
    line ??= lab.el("p", {id: "lab-queue", role: "status"});
    line.textContent = lab.t("app.queue", first);
    if (!line.isConnected) document.body.append(line);
  };
  const changed = () => {
    if (!waiting.size) { clearTimeout(timer); show(); } else if (line?.isConnected) show(); else timer ||= setTimeout(show, PATIENCE);
  };

  const hear = (news) => {
    if (news.msg === "estimation") waiting.set(news.event_id, {place: news.rank + 1, size: Math.max(news.queue_size, news.rank + 1)});
    else if (news.event_id) waiting.delete(news.event_id);
    else if (news.msg === "close_stream") waiting.clear();
    else return;
    changed();
  };

  const listener = () => {
    const decoder = new TextDecoder();
    let rest = "";
    return new TransformStream({
      transform(chunk, out) {
        out.enqueue(chunk);
        const lines = (rest + decoder.decode(chunk, {stream: true})).split("\n");
        rest = lines.pop().slice(0, LONGEST + 1); // longer ones are only measured
        for (const text of lines) {
          if (!text.startsWith("data:") || text.length > LONGEST) continue;
          try { hear(JSON.parse(text.slice(5))); } catch { /* a piece of a result */ }
        }
      },
      flush() { waiting.clear(); changed(); },
    });
  };

  const fetch = window.fetch;
  window.fetch = async (input, ...more) => {
    const answer = await fetch(input, ...more);
    if (!answer.body || !new URL(input?.url ?? input, location.href).pathname.endsWith("/queue/data")) return answer;
    return new Response(answer.body.pipeThrough(listener()), {status: answer.status, statusText: answer.statusText, headers: answer.headers});
  };
})();
