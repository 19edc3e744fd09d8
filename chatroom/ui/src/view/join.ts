// The door: a name and a button. It shows how many people are inside, live, over a namespace that needs no session.

import io from "../../../../browser/src/index";
import { h, setText } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { isDark, setLanguageChoice, setTheme } from "../prefs";
import { limits } from "../protocol";
import type { LobbyClientToServerEvents, LobbyServerToClientEvents } from "../wire";
import type { App } from "./app";
import { button, Field, iconButton } from "./controls";
import { explain } from "./failure";
import { logo } from "./logo";

export class JoinScreen {
  readonly root: HTMLElement;
  private name: Field;
  private submit: HTMLButtonElement;
  private here: HTMLElement;
  private lobby = io<LobbyServerToClientEvents, LobbyClientToServerEvents>("/lobby", { forceNew: true, reconnectionDelayMax: 10_000 });
  private wait?: number;

  constructor(
    private chat: Chat,
    private app: App,
  ) {
    this.name = new Field(t.nickname, {
      placeholder: t.nicknameHint,
      autocomplete: "nickname",
      maxlength: limits.name * 2,
      enterkeyhint: "go",
      autofocus: true,
      class: "large",
    });
    this.submit = button("primary", { type: "submit", class: "large" }, t.join);
    this.here = h("p", { class: "join-here", hidden: true }, h("span", { class: "dot" }), h("span"));
    const other = t.locale === "en" ? "中文" : "English";
    const dark = isDark();
    this.root = h(
      "main",
      { class: "join" },
      h(
        "form",
        { class: "join-card", novalidate: true, onsubmit: (e) => void this.enter(e) },
        logo(),
        h("h1", null, t.joinTitle),
        h("p", { class: "join-lead" }, chat.state.signedOut ? t.signedOut : t.joinLead),
        this.name.root,
        this.submit,
        this.here,
      ),
      h(
        "footer",
        { class: "join-foot" },
        h("button", { type: "button", class: "link", lang: t.locale === "en" ? "zh" : "en", onclick: () => this.speak() }, other),
        iconButton(dark ? "sun" : "moon", dark ? t.themeLight : t.themeDark, () => {
          setTheme(dark ? "light" : "dark");
          this.app.rebuild();
        }),
      ),
    );
    this.lobby.on("here", (count) => {
      setText(this.here.lastElementChild!, t.hereNow(count));
      this.here.classList.toggle("empty", count === 0);
      this.here.hidden = false;
    });
    requestAnimationFrame(() => this.name.input.focus());
  }

  draw(): void {}

  gone(): void {
    clearInterval(this.wait);
    this.lobby.disconnect();
  }

  private speak(): void {
    setLanguageChoice(t.locale === "en" ? "zh" : "en");
    this.app.rebuild();
  }

  private async enter(e: Event): Promise<void> {
    e.preventDefault();
    const name = this.name.input.value.trim();
    if (!name) {
      this.name.fail(t.errors.name_empty);
      this.name.input.focus();
      return;
    }
    this.submit.disabled = true;
    setText(this.submit, t.joining);
    const failure = await this.chat.signIn(name);
    if (!failure) return;
    setText(this.submit, t.join);
    this.name.fail(explain(failure));
    this.name.input.focus();
    if (failure.retryAfter) this.countDown(Math.ceil(failure.retryAfter));
    else this.submit.disabled = false;
  }

  private countDown(seconds: number): void {
    clearInterval(this.wait);
    this.wait = window.setInterval(() => {
      seconds--;
      this.name.fail(seconds > 0 ? `${t.errors.rate} ${t.wait(seconds)}` : "");
      if (seconds > 0) return;
      clearInterval(this.wait);
      this.submit.disabled = false;
    }, 1000);
  }
}

