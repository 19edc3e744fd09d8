// The language of the page. `t` is the dictionary in use; views read it when they are built.

import { languageChoice } from "../prefs";
import { Dictionary, en } from "./en";
import { zh } from "./zh";

export let t: Dictionary = en;

/** Takes the language that was chosen, or the one that the browser prefers. */
export function chooseLanguage(): void {
  const choice = languageChoice();
  const wanted = choice === "auto" ? navigator.languages ?? [navigator.language] : [choice];
  const known = wanted.map((l) => l.slice(0, 2).toLowerCase()).find((l) => l === "en" || l === "zh");
  t = known === "zh" ? zh : en;
  document.documentElement.lang = t.locale;
}

/** "Ann", "Ann and Bo", "Ann, Bo and 3 others". */
export function names(list: string[]): string {
  if (list.length <= 1) return list[0] ?? "";
  if (list.length <= 3) return list.slice(0, -1).join(t.locale === "en" ? ", " : "、") + t.and + list[list.length - 1];
  return list.slice(0, 2).join(t.locale === "en" ? ", " : "、") + t.and + t.others(list.length - 2);
}
