package chatroom

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/test/chromium"
)

// tools are what a visitor can do and see. Waiting ends, after much more time than anything takes, with what is on the
// screen instead.
const tools = `(() => {
	const all = (selector) => [...document.querySelectorAll(selector)].filter((el) => el.checkVisibility());
	const until = (what) => new Promise((done, fail) => {
		const end = Date.now() + 30_000;
		const look = () => {
			const v = what();
			if (v) done(v);
			else if (Date.now() > end) fail(new Error(what + " never came true; the screen says:\n" + document.body.innerText));
			else setTimeout(look, 20);
		};
		look();
	});
	const type = (el, text) => {
		el.focus();
		el.value = text;
		el.dispatchEvent(new InputEvent("input", { bubbles: true }));
	};
	const named = (text) => (el) => (el.getAttribute("aria-label") ?? el.textContent).includes(text);
	globalThis.v = {
		all, until, type,
		find: (selector, text) => until(() => all(selector).find(named(text ?? ""))).catch((err) => { throw new Error("no " + selector + " with " + text + ": " + err.message); }),
		click: async (selector, text) => (await v.find(selector, text)).click(),
		texts: (selector) => all(selector).map((el) => el.textContent),
		messages: () => v.texts(".row .body"),
		say: async (text) => {
			type(await v.find(".compose textarea"), text);
			await v.click(".send");
		},
		hears: (text) => until(() => all(".row .body").some((el) => el.textContent === text)),
		sent: (text) => until(() => all(".row[data-seq] .body").some((el) => el.textContent === text)),
		settled: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
	};
})()`

// Run evaluates an expression and waits for what it promises.
func (v *visitor) Run(script string) {
	v.t.Helper()
	v.Page.Run("(async () => { await (" + script + "); })()")
}

// js is a value as JavaScript.
func js(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// call calls one of the tools.
func (v *visitor) call(name string, args ...any) {
	v.t.Helper()
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = js(a)
	}
	v.Run("v." + name + "(" + strings.Join(texts, ", ") + ")")
}

func (v *visitor) signIn() {
	v.t.Helper()
	v.Run(fmt.Sprintf(`(async () => {
		v.type(await v.find(".join input"), %s);
		await v.click(".join button[type=submit]");
		await v.find(".side a.entry");
	})()`, js(v.name)))
}

// messages are the texts on the screen.
func (v *visitor) messages() []string { return chromium.Eval[[]string](v.Page, "v.messages()") }

// reload loads the page again.
func (v *visitor) reload() {
	v.t.Helper()
	v.Do(chromedp.Reload())
	v.Run(tools)
}
