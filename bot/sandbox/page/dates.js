// Moments as Slack writes them, in the zone of the person who looks.

import { now, when } from "./state.js";

const DAY = 86_400_000;
const numbered = (moment) => when(moment, { year: "numeric", month: "2-digit", day: "2-digit" });
const timed = (moment) => when(moment, { hour: "numeric", minute: "2-digit" });

const WRITTEN = {
  date_num: (moment) => numbered(moment),
  date_short: (moment) => when(moment, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (moment) => when(moment, { weekday: "long", month: "long", day: "numeric", year: "numeric" }),
  date: (moment) => when(moment, { month: "long", day: "numeric", year: "numeric" }),
  day_divider_pretty: (moment) => dayOf(moment),
  time: timed,
  time_secs: (moment) => when(moment, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (moment) => ago(moment),
};

// <!date^seconds^pattern|fallback>, without its brackets.
export function dateText(target, fallback) {
  const [, seconds, pattern = "{date_short_pretty} {time}"] = target.split("^");
  const moment = Number(seconds) * 1000;
  if (!Number.isFinite(moment)) return fallback ?? "";
  return pattern.replace(/\{(\w+)\}/g, (all, name) => {
    if (name in WRITTEN) return WRITTEN[name](moment);
    const plain = name.replace("_pretty", "");
    return plain in WRITTEN ? near(moment) ?? WRITTEN[plain](moment) : all;
  });
}

// today, yesterday or tomorrow; nothing when it is further away.
function near(moment) {
  const day = numbered(moment);
  const names = [["today", 0], ["yesterday", -DAY], ["tomorrow", DAY]];
  return names.find(([, away]) => numbered(now() + away) === day)?.[0];
}

export function dayOf(moment) {
  const found = near(moment);
  return found ? found[0].toUpperCase() + found.slice(1) : when(moment, { weekday: "long", month: "long", day: "numeric" });
}

export function ago(moment) {
  const minutes = Math.floor((now() - moment) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes}m ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)}h ago` : when(moment, { month: "short", day: "numeric" });
}
