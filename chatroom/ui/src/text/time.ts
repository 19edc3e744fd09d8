// Times and days as people read them.

import { t } from "../i18n";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = t.locale + name;
  let f = formats.get(key);
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat(t.locale, options)));
  return f;
}

export function clock(ts: number): string {
  return format("clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ts);
}

/** The whole of it, for a tooltip. */
export function moment(ts: number): string {
  return format("moment", { dateStyle: "full", timeStyle: "medium" }).format(ts);
}

/** A number that is the same for all times of one local day. */
export function dayOf(ts: number): number {
  const d = new Date(ts);
  return d.getFullYear() * 10000 + (d.getMonth() + 1) * 100 + d.getDate();
}

/** "Today", "Yesterday", "Tuesday, 3 March", with the year when it is another one. */
export function dayName(ts: number, now = Date.now()): string {
  const day = dayOf(ts);
  if (day === dayOf(now)) return t.today;
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === dayOf(yesterday.getTime())) return t.yesterday;
  const sameYear = new Date(ts).getFullYear() === new Date(now).getFullYear();
  return format(sameYear ? "day" : "dayOfYear", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: sameYear ? undefined : "numeric",
  }).format(ts);
}
