// Talks to the sandbox: asks, says what went wrong, and has the page drawn anew whenever something changed.

export async function ask(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await (await fetch("/_control/" + path, options)).json();
  if (body || !answer.ok) say(answer.ok ? "" : answer.error);
  return answer;
}

let hush;
export function say(text) {
  clearTimeout(hush);
  document.getElementById("status").textContent = text;
  if (text) hush = setTimeout(() => say(""), 6000);
}

// Whether a part must be drawn anew; what is drawn already stays as it is, focus and open menus included.
export function isStale(part, ...made) {
  const key = JSON.stringify(made);
  if (part.dataset.key === key) return false;
  part.dataset.key = key;
  return true;
}

// Draws now and after every change. One redraw at a time; whatever changes meanwhile is in the next one.
export function keepDrawn(redraw) {
  let drawing = false;
  let stale = false;
  async function refresh() {
    stale = true;
    if (drawing) return;
    drawing = true;
    while (stale) {
      stale = false;
      try {
        await redraw();
      } catch (error) {
        say(error instanceof TypeError ? "The sandbox does not answer. Is it running?" : error.message);
      }
    }
    drawing = false;
  }
  new EventSource("/_control/changes").addEventListener("message", refresh);
  return refresh;
}
