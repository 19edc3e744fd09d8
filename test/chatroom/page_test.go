package chatroom

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/test/chromium"
)

// silent checks that the page has nothing to complain about.
func (v *visitor) silent() {
	v.t.Helper()
	if got := v.Complaints(); len(got) > 0 {
		v.t.Errorf("%s's page complains: %q", v.name, got)
	}
}

// What people write is shown as they wrote it, whatever it looks like, and only links to the web are links.
func testTextIsText(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann, bo := h.enter(b, "Ann"), h.enter(b, `<b>Bo</b>`)
	texts := []string{
		`<img src=x onerror="document.title='broken'">`,
		`<script>document.title = "broken"</script>`,
		`see https://example.com/a?b=c&d="x", (https://example.com/(paren)) and javascript:alert(1)`,
		"  indented\n\tand tabbed",
		"\u202eright to left",
	}
	for _, text := range texts {
		bo.call("say", text)
		ann.call("hears", strings.TrimSpace(text))
	}
	if got := chromium.Eval[int](ann.Page, `document.querySelectorAll(".timeline img, .timeline script, .timeline b").length`); got != 0 {
		t.Errorf("%d elements were made of what people wrote", got)
	}
	links := chromium.Eval[[]string](ann.Page, `v.all(".body a").map((a) => a.getAttribute("href") + " " + a.rel + " " + a.target)`)
	want := []string{"https://example.com/a?b=c&d= noopener noreferrer nofollow _blank", "https://example.com/(paren) noopener noreferrer nofollow _blank"}
	if !slices.Equal(links, want) {
		t.Errorf("links %q, want %q", links, want)
	}
	if got := chromium.Eval[string](ann.Page, `document.title`); strings.Contains(got, "broken") {
		t.Error("what somebody wrote ran as a script")
	}
	ann.silent()
}

// The page needs nobody but its own server.
func testSelfContained(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann := h.enter(b, "Ann")
	ann.call("say", "hello")
	ann.call("sent", "hello")
	ann.reload()
	ann.call("hears", "hello")
	requests := chromium.Eval[[]string](ann.Page, `performance.getEntriesByType("resource").map((e) => e.name)`)
	if len(requests) < 3 {
		t.Errorf("only %q: this test sees nothing", requests)
	}
	for _, url := range requests {
		if !strings.HasPrefix(url, "http://"+h.addr+"/") && !strings.HasPrefix(url, "ws://"+h.addr+"/") {
			t.Errorf("the page asked %s", url)
		}
	}
	ann.silent()
}

// On a phone the list and the room are two views, and "back" leads from one to the other.
func testPhone(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	bo := h.enter(b, "Bo")
	bo.call("say", "hello")
	ann := h.visit(b, "Ann")
	ann.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	ann.reload()
	ann.signIn()
	ann.call("find", ".side a.entry", "general")
	ann.call("find", ".side-people .entry", "Bo")
	if got := chromium.Eval[int](ann.Page, `v.all(".room").length`); got != 0 {
		t.Error("the list and the room are shown together")
	}
	ann.call("click", ".side a.entry", "general")
	ann.call("hears", "hello")
	ann.call("say", "from my phone")
	bo.call("hears", "from my phone")
	ann.Run(`history.back()`)
	ann.call("find", ".side a.entry", "general")
	ann.call("click", ".side a.entry", "general")
	ann.call("click", ".room-head .only-phone")
	ann.call("find", ".side a.entry", "general")
	if got := chromium.Eval[float64](ann.Page, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
		t.Errorf("the page is %v pixels too wide", got)
	}
}

// The page speaks Chinese when asked to, at once and after a reload.
func testChinese(t *testing.T, b *chromium.Browser) {
	h := newHouse(t)
	ann := h.visit(b, "李娜")
	ann.call("click", ".join-foot .link", "中文")
	ann.call("find", ".join h1", "进来聊聊")
	ann.signIn()
	ann.call("find", ".side h2", "房间")
	ann.reload()
	ann.call("find", ".side h2", "房间")
	if got := chromium.Eval[string](ann.Page, `document.documentElement.lang`); got != "zh-CN" {
		t.Errorf("the page says that its language is %q", got)
	}
	ann.call("click", ".me .icon-button")
	ann.call("click", "dialog.settings label", "English")
	ann.call("find", ".side h2", "Rooms")
}
