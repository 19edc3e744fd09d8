// Keys that work everywhere in the chat. Those of one field or list are with it.

import { wide } from "../dom/device";
import type { Shell } from "./shell";

/** Listens until the returned function is called. */
export function listenToKeys(shell: Shell): () => void {
  const listener = (e: KeyboardEvent) => {
    if (e.isComposing || e.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (act(shell, e)) e.preventDefault();
  };
  addEventListener("keydown", listener);
  return () => removeEventListener("keydown", listener);
}

function act(shell: Shell, e: KeyboardEvent): boolean {
  const modifier = e.ctrlKey || e.metaKey;
  if (e.altKey && !modifier && (e.key === "ArrowUp" || e.key === "ArrowDown")) {
    step(shell, e.key === "ArrowUp" ? -1 : 1, e.shiftKey);
    return true;
  }
  if (modifier && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k") {
    shell.browseRooms();
    return true;
  }
  if (modifier && e.key === "/") {
    shell.showPanel(!shell.panelShown);
    return true;
  }
  if (e.key === "Escape") {
    escape(shell);
    return true;
  }
  return false;
}

/** Goes to the room above or below in the list, as it is shown. */
function step(shell: Shell, by: number, unreadOnly: boolean): void {
  const entries = [...shell.root.querySelectorAll<HTMLElement>(".side a.entry")];
  const at = entries.findIndex((el) => el.classList.contains("open"));
  for (let i = 1; i <= entries.length; i++) {
    const el = entries[(((at + by * i) % entries.length) + entries.length) % entries.length];
    if (el.classList.contains("open") || (unreadOnly && !el.classList.contains("unread"))) continue;
    shell.app.go(Number(el.dataset.room));
    shell.composer.focus();
    return;
  }
}

/** Closes what lies over the room, or marks the room as read and goes to its end. */
function escape(shell: Shell): void {
  const { chat } = shell;
  if (shell.panelShown && !wide.matches) {
    shell.showPanel(false);
    return;
  }
  const rs = chat.state.current();
  if (!rs) return;
  chat.markRead(rs);
  shell.composer.focus();
}
