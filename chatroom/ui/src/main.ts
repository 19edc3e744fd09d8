// The start of the page.

import { Chat } from "./model/chat";
import { followSystemTheme } from "./prefs";
import { App } from "./view/app";

followSystemTheme();
const chat = new Chat();
new App(chat, document.body);
void chat.resume();
