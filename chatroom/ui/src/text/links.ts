// Text to nodes. The text is never taken for HTML; links are found in it and only lead to the web.

import { h } from "../dom/h";

const link = /https?:\/\/[^\s<>"'，。、；：！？（）《》「」『』【】]+/gi;

/** The nodes of a text, with its links clickable. */
export function linkified(text: string): (string | HTMLElement)[] {
  const nodes: (string | HTMLElement)[] = [];
  let end = 0;
  for (const match of text.matchAll(link)) {
    const shown = trimmed(match[0]);
    const url = webURL(shown);
    if (!url) continue;
    nodes.push(text.slice(end, match.index), h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, shown));
    end = match.index + shown.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((n) => n !== "");
}

/** Leaves out what ends the sentence rather than the link. A closing bracket stays when the link has opened it. */
function trimmed(url: string): string {
  for (;;) {
    const last = url[url.length - 1];
    const open = last === ")" ? "(" : last === "]" ? "[" : "";
    const closes = open !== "" && url.split(last).length > url.split(open).length;
    if (!closes && !/[.,;:!?*_~]/.test(last)) return url;
    url = url.slice(0, -1);
  }
}

function webURL(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
