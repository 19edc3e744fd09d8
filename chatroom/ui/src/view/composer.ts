// Where messages are written.

import { touch } from "../dom/device";
import { h, setText, toggle } from "../dom/h";
import { icon } from "../dom/icons";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { titleOf } from "../model/state";
import { recall, remember } from "../prefs";
import { limits, runes } from "../protocol";
import type { Shell } from "./shell";

/** From how many characters before the limit on the rest is shown. */
const warnFrom = 300;

export class Composer {
  readonly root: HTMLFormElement;
  private text: HTMLTextAreaElement;
  private submit: HTMLButtonElement;
  private count = h("span", { class: "compose-count", role: "status" });
  private room = 0;

  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {
    this.text = h("textarea", {
      rows: 1,
      enterkeyhint: touch.matches ? "enter" : "send",
      autocapitalize: "sentences",
      onkeydown: (e) => this.key(e),
      oninput: () => this.typed(),
    });
    this.submit = h("button", { type: "submit", class: "send", "aria-label": t.send, title: t.send }, icon("send"));
    this.root = h(
      "form",
      {
        class: "compose",
        onsubmit: (e) => {
          e.preventDefault();
          this.send();
        },
        onclick: (e) => e.target === this.root && this.text.focus(),
      },
      this.text,
      this.count,
      this.submit,
    );
    // A tap on the button must not take the focus, or a phone hides its keyboard.
    this.submit.addEventListener("pointerdown", (e) => e.preventDefault());
  }

  draw(): void {
    const rs = this.chat.state.current();
    this.root.hidden = !rs;
    if (!rs || this.room === rs.room.id) return;
    this.room = rs.room.id;
    const name = titleOf(rs.room);
    const label = rs.room.peer ? t.composeDirect(name) : t.composeRoom(name);
    this.text.placeholder = label;
    this.text.setAttribute("aria-label", label);
    this.text.value = this.draftOf(this.room);
    this.fit();
  }

  focus(): void {
    if (!touch.matches) this.text.focus();
  }

  draftOf(room: number): string {
    return recall(this.draftKey(room)) ?? "";
  }

  private draftKey(room: number): string {
    return `draft.${this.chat.state.me.id}.${room}`;
  }

  private typed(): void {
    remember(this.draftKey(this.room), this.text.value);
    this.fit();
    const rs = this.chat.state.current();
    if (!rs) return;
    if (this.text.value.trim()) this.chat.people.typed(rs);
    else this.chat.people.stopTyping(rs);
  }

  private key(e: KeyboardEvent): void {
    // While an input method composes, Enter takes a candidate. Safari ends the composition before the key comes, and
    // tells by the code 229.
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key !== "Enter" || e.shiftKey || e.altKey) return;
    if (touch.matches && !e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    this.send();
  }

  private send(): void {
    const rs = this.chat.state.current();
    const body = this.text.value.trim();
    if (!rs || !body || runes(body) > limits.body) return;
    this.text.value = "";
    remember(this.draftKey(this.room), "");
    this.fit();
    this.chat.send(rs, body);
    this.shell.timeline.toEnd();
  }

  /** As high as the text, up to what the style sheet allows. */
  private fit(): void {
    this.text.style.height = "auto";
    this.text.style.height = this.text.scrollHeight + "px";
    const body = this.text.value.trim();
    const rest = limits.body - runes(body);
    toggle(this.root, "data-ready", body !== "" && rest >= 0);
    toggle(this.root, "data-long", rest < 0);
    setText(this.count, rest < 0 ? t.tooLong(-rest) : rest < warnFrom ? t.left_(rest) : "");
  }
}
