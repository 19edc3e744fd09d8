package chatroom

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/store/sqlite"
	"github.com/socketio-go/socketio/chatroom/web"
	"github.com/socketio-go/socketio/test/chromium"
)

// house is a chat with its data on disk. Its methods are for the test's goroutine.
type house struct {
	t    testing.TB
	file string
	addr string

	store store.Store
	chat  *web.Server
	http  *http.Server
	ended chan struct{}
}

// newHouse starts a chat that nobody was in before.
func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, file: filepath.Join(t.TempDir(), "chat.db"), addr: "127.0.0.1:0"}
	h.start()
	t.Cleanup(h.stop)
	return h
}

// start starts the chat, after stop at the same address and with the same data.
func (h *house) start() {
	h.t.Helper()
	var err error
	if h.store, err = sqlite.Open(h.file); err != nil {
		h.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	h.chat = web.New(h.store, &web.Options{Logger: slog.New(slog.NewTextHandler(h.t.Output(), nil))})
	h.http = &http.Server{Handler: h.chat}
	h.ended = make(chan struct{})
	go func() {
		defer close(h.ended)
		h.http.Serve(listener) // how it ends is up to stop
	}()
}

// stop stops the chat as the program does.
func (h *house) stop() {
	if h.chat == nil {
		return
	}
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.chat.Shutdown(ctx); err != nil {
		h.t.Errorf("shutdown: %v", err)
	}
	if err := h.http.Shutdown(ctx); err != nil {
		h.t.Errorf("http shutdown: %v", err)
	}
	<-h.ended
	if err := h.store.Close(); err != nil {
		h.t.Errorf("close: %v", err)
	}
	h.chat = nil
}

func (h *house) url(path string) string { return "http://" + h.addr + path }

// visitor is somebody in front of a page.
type visitor struct {
	*chromium.Page
	t    testing.TB
	name string
}

// visit opens the page for somebody who was never here, who looks at it on a screen wide enough for all of it.
func (h *house) visit(b *chromium.Browser, name string) *visitor {
	h.t.Helper()
	v := &visitor{b.Page(h.t, "about:blank"), h.t, name}
	v.Do(chromedp.EmulateViewport(1280, 800), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}), chromedp.Navigate(h.url("/")))
	v.Run(tools)
	return v
}

// enter is visit, and coming in.
func (h *house) enter(b *chromium.Browser, name string) *visitor {
	h.t.Helper()
	v := h.visit(b, name)
	v.signIn()
	return v
}
