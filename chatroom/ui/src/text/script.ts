// What a text is made of.

const han = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter() : undefined;

/** The first characters as a reader sees them. */
function graphemes(text: string, count: number): string[] {
  if (!segmenter) return Array.from(text).slice(0, count);
  const list: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    list.push(segment);
    if (list.length === count) break;
  }
  return list;
}

/** What an avatar shows of a name: two initials, or one character of a script that needs the room. */
export function initials(name: string): string {
  const first = graphemes(name, 1)[0] ?? "?";
  if (!/^[\p{L}\p{N}]$/u.test(first) || han.test(first)) return first;
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const second = words.length > 1 ? graphemes(words[words.length - 1], 1)[0] : "";
  return (first + (/^\p{L}$/u.test(second) && !han.test(second) ? second : "")).toUpperCase();
}

/** The language to read a text in when it is not that of the page. */
export function languageOf(text: string, page: string): string | undefined {
  const chinese = han.test(text);
  if (page === "en") return chinese ? "zh" : undefined;
  return chinese || !/[A-Za-z]/.test(text) ? undefined : "en";
}

const emoji = /^(?:\p{RI}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)(?:\u200D\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})*$/u;

/** Whether a text is one to three emoji and nothing else: those are shown large. */
export function isEmoji(text: string): boolean {
  if (text.length > 40) return false;
  const list = graphemes(text.replace(/\s/g, ""), 4);
  return list.length > 0 && list.length <= 3 && list.every((g) => emoji.test(g));
}
