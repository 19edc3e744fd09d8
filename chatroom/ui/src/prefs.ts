// What this browser remembers by itself: the theme, the language, drafts. All of it may be missing or refused, as in a
// private window, and nothing depends on it.

export type Theme = "system" | "light" | "dark";
export type LanguageChoice = "auto" | "en" | "zh";

const prefix = "chatroom.";

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

/** Remembers a value; an empty one is forgotten. */
export function remember(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(prefix + key, value);
    else localStorage.removeItem(prefix + key);
  } catch {
    // Then it lasts as long as the page.
  }
}

/** The keys that begin so, without what they begin with. */
export function recallAll(start: string): string[] {
  const keys: string[] = [];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i)!;
      if (key.startsWith(prefix + start)) keys.push(key.slice((prefix + start).length));
    }
  } catch {
    // None, then.
  }
  return keys;
}

export function theme(): Theme {
  const t = recall("theme");
  return t === "light" || t === "dark" ? t : "system";
}

export function setTheme(t: Theme): void {
  remember("theme", t === "system" ? "" : t);
  applyTheme();
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  return theme() === "dark" || (theme() === "system" && darkSystem.matches);
}

/** Tells the style sheet which theme it is. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

/** Keeps up with the system. */
export function followSystemTheme(): void {
  darkSystem.addEventListener("change", applyTheme);
}

export function languageChoice(): LanguageChoice {
  const l = recall("language");
  return l === "en" || l === "zh" ? l : "auto";
}

export function setLanguageChoice(l: LanguageChoice): void {
  remember("language", l === "auto" ? "" : l);
}
