// Elements without HTML text: everything that a person wrote becomes a text node.

export type Child = Node | string | false | null | undefined;

type Listeners = { [E in keyof HTMLElementEventMap as `on${E}`]?: (e: HTMLElementEventMap[E]) => void };

export type Props = Listeners & {
  class?: string;
  /** Numbers from 0 to 359 that the style sheet turns into colours. */
  hue?: number;
  [attribute: string]: unknown;
};

/** Makes an element. Attributes that are false, null or undefined are left out; true is the empty string. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props | null, ...children: Child[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value as EventListener);
    else if (name === "hue") el.style.setProperty("--hue", String(value));
    else if (name === "value") (el as unknown as HTMLInputElement).value = String(value);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  append(el, children);
  return el;
}

export function append(el: Element, children: Child[]): void {
  for (const child of children) if (child !== false && child !== null && child !== undefined) el.append(child);
}

/** Replaces what an element holds. */
export function fill(el: Element, ...children: Child[]): void {
  el.replaceChildren();
  append(el, children);
}

/** Sets the text if it is another one, so that nothing is laid out anew for nothing. */
export function setText(el: Element, text: string): void {
  if (el.textContent !== text) el.textContent = text;
}

export function toggle(el: Element, attribute: string, on: boolean, value = ""): void {
  if (on) el.setAttribute(attribute, value);
  else el.removeAttribute(attribute);
}
