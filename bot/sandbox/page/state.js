// Where the page is: who you are, what is open (kept in the address), and the workspace as the sandbox last told it.

export const $ = (id) => document.getElementById(id);
export const place = { me: "U0MAYA", in: "C0LEADS", thread: "" };
export const world = { users: [], channels: [], borrowers: [], switched: [], places: [], offset: 0, app: { commands: [], home: false }, born: "" };

export const names = {
  person: (id) => world.users.find((user) => user.id === id)?.real_name ?? (id === "USLACKBOT" ? "Slackbot" : id),
  channel: (id) => world.channels.find((channel) => channel.id === id)?.name ?? id,
};
export const myself = () => world.users.find((user) => user.id === place.me);
export const zone = () => myself()?.tz ?? "America/Chicago";
export const dmOf = (user) => "D" + user.slice(1);
export const isMine = (id) => id === "home" || id === dmOf(place.me) || world.channels.find((one) => one.id === id)?.members.includes(place.me);
export const titleOf = (id) => (id === "home" || id.startsWith("D") ? "Leadbell" : "# " + names.channel(id));

export function when(moment, style) {
  return new Date(moment).toLocaleString("en-US", { ...style, timeZone: zone() });
}

export const now = () => Date.now() + world.offset * 1000;
export const momentOf = (ts) => Number(ts) * 1000;

export function go(change) {
  location.hash = new URLSearchParams({ ...place, ...change }).toString();
}

// Something small that a browser remembers, for each person; what is broken is forgotten.
export function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

export const remember = (name, value) => localStorage.setItem(name, JSON.stringify(value));
