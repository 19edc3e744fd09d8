// A list of elements that follows a list of items: what has not changed stays the same element.

export interface Item {
  /** Unique in the list. */
  key: string;
  /** Changes when the element has to be made anew. */
  look: string;
  make(): HTMLElement;
}

interface Row {
  look: string;
  el: HTMLElement;
}

export class KeyedList {
  private rows = new Map<string, Row>();

  constructor(readonly parent: HTMLElement) {}

  update(items: Item[]): void {
    const rows = new Map<string, Row>();
    let at: Element | null = this.parent.firstElementChild;
    for (const item of items) {
      let row = this.rows.get(item.key);
      if (!row) {
        row = { look: item.look, el: item.make() };
      } else if (row.look !== item.look) {
        const el = item.make();
        const focused = row.el.contains(document.activeElement);
        if (at === row.el) at = el;
        row.el.replaceWith(el);
        row = { look: item.look, el };
        if (focused) (el.matches("[tabindex],button,a") ? el : el.querySelector<HTMLElement>("button,a,[tabindex]"))?.focus();
      }
      if (row.el === at) at = at.nextElementSibling;
      else this.parent.insertBefore(row.el, at);
      rows.set(item.key, row);
    }
    for (const [key, row] of this.rows) if (!rows.has(key)) row.el.remove();
    this.rows = rows;
  }

  get(key: string): HTMLElement | undefined {
    return this.rows.get(key)?.el;
  }

  /** The elements in their order, by key. */
  *elements(): Generator<[key: string, el: HTMLElement]> {
    for (const [key, row] of this.rows) yield [key, row.el];
  }
}
