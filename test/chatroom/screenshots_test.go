package chatroom

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/test/chromium"
)

// TestScreenshots writes the pictures of the README, and more to look at, into the folder that SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		t.Skip("SCREENSHOTS names no folder to write them to")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	tokens := h.furnish()
	b := chromium.Start(t)
	others := h.company(b, tokens)
	for _, s := range []screen{
		{name: "desktop", width: 1280, height: 800, scale: 1, themes: themes, languages: languages},
		{name: "tablet", width: 820, height: 1180, scale: 1, touch: true, themes: themes[:1], languages: languages[:1]},
		{name: "phone", width: 390, height: 844, scale: 2, touch: true, themes: themes, languages: languages},
	} {
		for _, theme := range s.themes {
			for _, language := range s.languages {
				v := h.before(b, s, theme, language)
				v.tour(filepath.Join(folder, s.name+"-"+theme+"-"+language), tokens["Ann"], func() {
					others.Run(`bots["Maya Lindqvist"].volatile.emit("typing", { room: 1, on: true })`)
				})
			}
		}
	}
	h.lost(b, tokens["Ann"], filepath.Join(folder, "desktop-light-en-lost.png"))
}

var (
	themes    = []string{"light", "dark"}
	languages = []string{"en", "zh"}
)

// screen is what a visitor sits before.
type screen struct {
	name              string
	width, height     int64
	scale             float64
	touch             bool
	themes, languages []string
}

// company connects the people who are here while pictures are taken, from one page.
func (h *house) company(b *chromium.Browser, tokens map[string]string) *visitor {
	here := make(map[string]string)
	for _, name := range []string{"Bo", "李娜", "Maya Lindqvist", "Zoë", "小林"} {
		here[name] = tokens[name]
	}
	v := &visitor{b.Page(h.t, h.url("/healthz")), h.t, "company"}
	v.Run(`(async () => {
		const { io } = await import("/socket.io/socket.io.esm.min.js");
		globalThis.bots = {};
		for (const [name, token] of Object.entries(` + js(here) + `)) {
			const s = (bots[name] = io({ auth: { token }, forceNew: true }));
			await new Promise((done) => s.once("hello", done));
		}
	})()`)
	return v
}

// before puts a visitor who is not signed in before a screen.
func (h *house) before(b *chromium.Browser, s screen, theme, language string) *visitor {
	v := &visitor{b.Page(h.t, h.url("/healthz")), h.t, "Ann"}
	emulate := []chromedp.EmulateViewportOption{chromedp.EmulateScale(s.scale)}
	if s.touch {
		emulate = append(emulate, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	v.Do(chromedp.EmulateViewport(s.width, s.height, emulate...))
	v.Run(fmt.Sprintf(`Object.assign(localStorage, { "chatroom.theme": %q, "chatroom.language": %q })`, theme, language))
	v.Do(chromedp.Navigate(h.url("/")))
	v.Run(tools)
	return v
}

// tour takes a picture of each place; prefix begins their names. type_ makes somebody type.
func (v *visitor) tour(prefix, token string, type_ func()) {
	v.t.Helper()
	small := chromium.Eval[bool](v.Page, "innerWidth < 1000")
	phone := chromium.Eval[bool](v.Page, "innerWidth < 700")
	shoot := func(name string) { v.shoot(prefix + "-" + name + ".png") }
	enter := func(room, until string) {
		v.call("click", ".side a.entry", room)
		v.call("find", until)
	}
	back := func() {
		if phone {
			v.Run("history.back()")
		}
	}
	v.call("find", ".join-here")
	shoot("join")
	v.Run(fmt.Sprintf(`(document.cookie = "chatroom=%s; path=/")`, token))
	v.reload()
	v.call("find", ".side a.entry", "general")
	if phone {
		shoot("list")
	}
	enter("general", ".row .body")
	type_()
	shoot("room")
	if small {
		v.call("click", ".room-head .counted")
		shoot("members")
		v.call("click", ".panel-head button")
	}
	back()
	enter("Bo", ".row .body")
	shoot("private")
	back()
	enter("tea-kitchen", ".start")
	shoot("empty")
	back()
	v.call("click", ".side-head .icon-button")
	v.call("find", ".room-row")
	shoot("browse")
	v.Run(`document.querySelector("dialog").close()`)
	v.call("click", ".me .icon-button")
	shoot("settings")
}

// shoot writes a picture of what is on the screen when all has come to rest.
func (v *visitor) shoot(file string) {
	v.t.Helper()
	v.Run("new Promise((done) => setTimeout(done, 350))")
	v.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		picture, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng})
		if err != nil {
			return err
		}
		return os.WriteFile(file, picture.Data, 0o644)
	}))
}

// lost takes the picture of a connection that is gone, with messages that wait.
func (h *house) lost(b *chromium.Browser, token, file string) {
	v := h.before(b, screen{width: 1280, height: 800, scale: 1}, "light", "en")
	v.Run(fmt.Sprintf(`(document.cookie = "chatroom=%s; path=/")`, token))
	v.Do(chromedp.Navigate(h.url("/r/1")))
	v.Run(tools)
	v.call("find", ".row .body")
	v.call("find", ".panel .entry", "Maya")
	h.stop()
	v.call("say", "Did the server just restart?")
	v.call("say", "I keep typing anyway, nothing gets lost 😌")
	v.call("find", ".banner")
	v.call("find", ".row.late")
	v.shoot(file)
	h.start()
	v.call("sent", "I keep typing anyway, nothing gets lost 😌")
}

// furnish fills the house with people and their talk, and returns their session tokens.
func (h *house) furnish() map[string]string {
	t, ctx := h.t, context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tokens := make(map[string]string)
	users := make(map[string]chat.User)
	for _, name := range []string{"Ann", "Bo", "李娜", "Maya Lindqvist", "Kofi", "Zoë", "Dmitri", "小林"} {
		tokens[name] = fmt.Sprintf("%x", "token of "+name)
		u, err := h.store.SignIn(ctx, name, store.HashToken(tokens[name]))
		must(err)
		users[name] = u
	}
	room := func(name, topic string, members ...string) chat.RoomID {
		r, err := h.store.CreateRoom(ctx, users[members[0]].ID, name, topic)
		must(err)
		for _, m := range members[1:] {
			_, err := h.store.Join(ctx, r.ID, users[m].ID)
			must(err)
		}
		return r.ID
	}
	design := room("design", "Screens, words and the space between them", "Zoë", "Ann", "李娜", "Bo")
	release := room("release-2.0", "What is left before we ship", "Kofi", "Ann", "Bo", "Dmitri")
	room("tea-kitchen", "Everything that is not work", "Ann", "小林")
	room("music", "What are you listening to?", "Bo", "Zoë", "小林")
	room("深圳", "周末去哪儿？", "李娜", "小林")
	direct, err := h.store.DirectRoom(ctx, users["Ann"].ID, users["Bo"].ID)
	must(err)
	direct2, err := h.store.DirectRoom(ctx, users["Ann"].ID, users["李娜"].ID)
	must(err)

	now := time.Now()
	type line struct {
		room chat.RoomID
		who  string
		ago  time.Duration
		text string
	}
	morning := 26 * time.Hour
	lines := []line{
		{1, "Kofi", morning, "Good morning! The new server has been up for a whole week now."},
		{1, "Kofi", morning - 20*time.Second, "Zero restarts, 41 MB of memory. I keep checking because I don't believe it."},
		{1, "Maya Lindqvist", morning - 4*time.Minute, "That is less than my terminal uses"},
		{1, "李娜", morning - 9*time.Minute, "太好了！上周的压测报告我放在这里：https://example.com/reports/load-test（两页，很快能看完）"},
		{1, "Zoë", morning - 31*time.Minute, "Reading it now. The p99 chart on page two is lovely, can we put it on the landing page?"},
		{1, "Bo", 95 * time.Minute, "Lunch plans? It is finally sunny outside ☀️"},
		{1, "Dmitri", 94 * time.Minute, "The noodle place by the river, 12:30. I can book a table for eight."},
		{1, "Ann", 93 * time.Minute, "Count me in!"},
		{1, "小林", 92 * time.Minute, "我也去，帮我留个位置 🙋"},
		{1, "Maya Lindqvist", 90 * time.Minute, "🍜🍜🍜"},
		{1, "Kofi", 24 * time.Minute, "Back at it. I tried the reconnect case we talked about: pulled the cable, wrote three messages, plugged it back in."},
		{1, "Kofi", 24*time.Minute - 30*time.Second, "All three arrived, in order, once."},
		{1, "Zoë", 21 * time.Minute, "On the train right now and went through two tunnels while reading this. Didn't notice a thing."},
		{1, "Ann", 6 * time.Minute, "That was the whole idea 🙂"},
		{1, "Ann", 5*time.Minute + 40*time.Second, "Next: unread state across devices. I will write it up in #release-2.0 this afternoon."},
		{1, "Maya Lindqvist", 2 * time.Minute, "Can't wait. Also, dark mode at night is such a relief for my eyes."},
		{design, "Zoë", 70 * time.Minute, "New avatar colours are in, tell me if two people look alike."},
		{design, "李娜", 65 * time.Minute, "中文和英文混排的间距好看多了。"},
		{design, "Zoë", 12 * time.Minute, "I also made the day lines thinner."},
		{release, "Kofi", 3 * time.Hour, "Checklist is down to four items."},
		{release, "Dmitri", 50 * time.Minute, "Three."},
		{direct.ID, "Bo", 3 * time.Hour, "Hey, do you have a minute for the onboarding text?"},
		{direct.ID, "Ann", 3*time.Hour - time.Minute, "Sure, send it over."},
		{direct.ID, "Bo", 3*time.Hour - 2*time.Minute, "“Pick a name and say hello. No account needed.”\nToo short?"},
		{direct.ID, "Ann", 3*time.Hour - 4*time.Minute, "It says everything. Keep it!"},
		{direct.ID, "Bo", 9 * time.Minute, "Great, shipping it 🚀"},
		{direct2.ID, "李娜", 40 * time.Minute, "明天的会改到十点了，你看到了吗？"},
	}
	times := make(map[string]time.Time)
	for i, l := range lines {
		done := make(chan error, 1)
		cid := fmt.Sprintf("shot-%d", i)
		times[cid] = now.Add(-l.ago)
		must(h.store.Append(ctx, chat.Draft{Room: l.room, Author: users[l.who].ID, CID: cid, Body: l.text}, func(_ store.Receipt, err error) { done <- err }))
		must(<-done)
	}
	_, err = h.store.MarkRead(ctx, direct.ID, users["Ann"].ID, 5)
	must(err)
	_, err = h.store.MarkRead(ctx, release, users["Ann"].ID, 2)
	must(err)
	h.stop()
	db, err := sql.Open("sqlite", h.file)
	must(err)
	for cid, at := range times {
		_, err := db.Exec("UPDATE messages SET created_at = ? WHERE cid = ?", at.UnixMilli(), cid)
		must(err)
	}
	must(db.Close())
	h.start()
	return tokens
}
