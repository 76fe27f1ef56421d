// Talks to the sandbox: asks, says what went wrong, and has the page drawn anew whenever something changed.

const NO_ANSWER = "The demo does not answer. Is it still running?";

// A question comes back, or fails; an act always comes back, and what went wrong is in `error`, and said unless quietly.
export async function ask(path, body, quietly = false) {
  if (!body) {
    const answer = await (await fetch("/_control/" + path)).json();
    if (!answer.ok) say(answer.error);
    return answer;
  }
  const answer = await posted(path, body);
  say(answer.ok || quietly ? "" : answer.error);
  if (answer.ok) document.dispatchEvent(new CustomEvent("done", { detail: { path, body, answer } }));
  return answer;
}

async function posted(path, body) {
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return await (await fetch("/_control/" + path, options)).json();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, error: NO_ANSWER };
  }
}

let hush;
export function say(text) {
  clearTimeout(hush);
  const status = document.getElementById("status");
  status.textContent = text;
  status.togglePopover(false);
  status.togglePopover(text !== ""); // opened anew it stands over any dialog
  if (text) hush = setTimeout(() => say(""), 6000);
}

// Whether a part must be drawn anew; what is drawn already stays as it is, focus and open menus included.
export function isStale(part, ...made) {
  const key = JSON.stringify(made);
  if (part.dataset.key === key) return false;
  part.dataset.key = key;
  return true;
}

// Draws now and after every change, and says through `lost` whether the sandbox is out of reach.
// One redraw at a time; whatever changes meanwhile is in the next one.
export function keepDrawn(redraw, lost) {
  let drawing = null;
  let stale = false;
  async function drawAll() {
    while (stale) {
      stale = false;
      try {
        await redraw();
      } catch (error) {
        if (!(error instanceof TypeError && /fetch|network/i.test(error.message))) throw error;
        lost(true);
      }
    }
    drawing = null;
  }
  function refresh() {
    stale = true;
    drawing ??= drawAll();
    return drawing;
  }
  function listen() {
    const changes = new EventSource("/_control/changes");
    changes.addEventListener("open", () => lost(false));
    changes.addEventListener("message", refresh);
    changes.addEventListener("error", () => {
      lost(true);
      if (changes.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
    });
  }
  listen();
  return refresh;
}
