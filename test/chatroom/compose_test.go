package chatroom

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/socketio-go/socketio/test/chromium"
)

// press presses Enter, with modifiers, as the given key code.
func (v *visitor) press(modifiers chromedp.Modifier, code int64) {
	v.t.Helper()
	v.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Modifiers: int64(modifiers), WindowsVirtualKeyCode: code}
		if code == 13 {
			key.Text = "\r"
		}
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, key); err != nil {
			return err
		}
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, key)
		return err
	}))
}

const enter = 13

// Enter sends, Shift and Enter make a new line, and nothing is not sent.
func testCompose(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann := h.enter(b, "Ann")
	ann.Run(`(async () => (await v.find(".compose textarea")).focus())()`)
	ann.press(0, enter)
	ann.Do(chromedp.KeyEvent("first"))
	ann.press(chromedp.ModifierShift, enter)
	ann.Do(chromedp.KeyEvent("second"))
	ann.press(0, enter)
	ann.call("sent", "first\nsecond")
	ann.Run(`(async () => v.type(await v.find(".compose textarea"), "界".repeat(4001)))()`)
	ann.call("find", ".compose-count", "1 too many")
	ann.press(0, enter)
	ann.Run(`(async () => v.type(await v.find(".compose textarea"), "short"))()`)
	ann.press(0, enter)
	ann.call("sent", "short")
	if got, want := ann.messages(), []string{"first\nsecond", "short"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// The Enter that takes a candidate of an input method does not send, whichever way the browser tells it.
func testInputMethod(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann := h.enter(b, "Ann")
	ann.Run(`(async () => (await v.find(".compose textarea")).focus())()`)
	compose := func(text string) {
		t.Helper()
		ann.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: int64(len(text)), SelectionEnd: int64(len(text))})
			return err
		}))
	}
	compose("ni")
	compose("nihao")
	ann.press(0, enter) // isComposing
	ann.press(0, 229)   // what an input method has taken
	if got := ann.messages(); len(got) != 0 {
		t.Errorf("sent %q in the middle of a composition", got)
	}
	ann.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: "你好"})
		return err
	}))
	ann.press(0, enter)
	ann.call("sent", "你好")
	if got := ann.messages(); !slices.Equal(got, []string{"你好"}) {
		t.Errorf("sent %q", got)
	}
}

// What was not sent yet is there again after a reload, in its room.
func testDraft(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	// A notice may get lost, so she goes on typing until he sees it.
	ann.Run(`(async () => {
		const text = await v.find(".compose textarea");
		globalThis.typing = setInterval(() => v.type(text, "half a thought"), 300);
	})()`)
	bo.call("find", ".typing[data-on]", "Ann is typing")
	ann.Run(`clearInterval(typing)`)
	ann.call("click", ".panel button.entry", "Bo")
	ann.Run(`v.until(() => document.querySelector(".compose textarea").value === "")`)
	ann.reload()
	ann.call("click", ".side a.entry", "general")
	ann.Run(`v.until(() => document.querySelector(".compose textarea").value === "half a thought")`)
	ann.call("click", ".send")
	ann.call("sent", "half a thought")
	ann.reload()
	ann.call("hears", "half a thought")
	if got := chromium.Eval[string](ann.Page, `document.querySelector(".compose textarea").value`); got != "" {
		t.Errorf("what was sent is still a draft: %q", got)
	}
}

// The keyboard alone is enough.
func testKeys(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, "Bo")
	ann.call("click", ".panel button.entry", "Bo")
	ann.call("find", ".room-title h1", "Bo")
	ann.call("say", "psst")
	bo.call("find", ".side a.entry .badge", "1 unread")
	bo.Do(chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(chromedp.ModifierAlt, chromedp.ModifierShift)))
	bo.call("hears", "psst")
	bo.Do(chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	bo.call("find", ".room-title h1", "general")
	bo.Do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	bo.call("find", "dialog.rooms input")
	bo.Do(chromedp.KeyEvent(kb.Escape))
	bo.Run(`v.until(() => !document.querySelector("dialog"))`)
}
