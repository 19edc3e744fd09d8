// Settings: how the page looks and speaks, the keys, the way out.

import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { languageChoice, setLanguageChoice, setTheme, theme } from "../prefs";
import type { App } from "./app";
import { avatar } from "./avatar";
import { button, segmented } from "./controls";
import { confirm, Dialog } from "./dialog";
import type { Toasts } from "./toast";

const keys: [() => string, string[]][] = [
  [() => t.keySend, ["Enter"]],
  [() => t.keyNewline, ["Shift", "Enter"]],
  [() => t.keyRooms, ["Alt", "↑ ↓"]],
  [() => t.keyUnread, ["Alt", "Shift", "↑ ↓"]],
  [() => t.keyBrowse, ["Ctrl", "K"]],
  [() => t.keyRead, ["Esc"]],
];

export class Settings {
  private dialog: Dialog;

  constructor(
    private chat: Chat,
    private app: App,
    private toasts: Toasts,
  ) {
    const { state } = chat;
    this.dialog = new Dialog(
      t.settings,
      "settings",
      h(
        "div",
        { class: "who" },
        avatar(state.me, "l"),
        h("div", null, h("span", null, t.signedInAs), h("strong", null, state.me.name)),
        button("plain", { onclick: () => void this.signOut() }, icon("leave"), t.signOut),
      ),
      segmented(
        t.theme,
        theme(),
        [
          ["system", t.themeSystem, "screen"],
          ["light", t.themeLight, "sun"],
          ["dark", t.themeDark, "moon"],
        ],
        setTheme,
      ),
      segmented(
        t.language,
        languageChoice(),
        [
          ["auto", t.automatic],
          ["en", "English"],
          ["zh", "中文"],
        ],
        (l) => {
          setLanguageChoice(l);
          this.dialog.close();
          this.app.rebuild();
        },
      ),
      h(
        "section",
        { class: "keys" },
        h("h3", null, t.keyboard),
        h("dl", null, ...keys.map(([what, combination]) => h("div", null, h("dt", null, what()), h("dd", null, ...combination.map((k) => h("kbd", null, k)))))),
      ),
      state.link.transport &&
        h(
          "p",
          { class: "transport" },
          `${t.connection}: `,
          state.link.transport === "websocket" ? t.transportWebSocket : t.transportPolling,
        ),
    );
  }

  show(): void {
    this.dialog.show();
  }

  private async signOut(): Promise<void> {
    if (!(await confirm(t.signOutAsk, t.signOut))) return;
    this.dialog.close();
    const failure = await this.chat.signOut();
    if (failure) this.toasts.fail(failure);
  }
}
