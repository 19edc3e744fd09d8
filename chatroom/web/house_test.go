package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/store/sqlite"
	"github.com/socketio-go/socketio/chatroom/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// grace is the grace period of presence in tests: as long as everything that is said within it takes, and then some.
const grace = 400 * time.Millisecond

// house is a chat with its data on disk.
type house struct {
	t     testing.TB
	file  string
	addr  string
	chat  *web.Server
	store store.Store
	http  *httptest.Server
	log   logBook
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, file: filepath.Join(t.TempDir(), "chat.db")}
	h.start(&web.Options{})
	t.Cleanup(h.stop)
	return h
}

func (h *house) start(o *web.Options) {
	h.t.Helper()
	var err error
	if h.store, err = sqlite.Open(h.file); err != nil {
		h.t.Fatal(err)
	}
	o.Logger = slog.New(slog.NewTextHandler(&h.log, nil))
	h.chat = web.New(h.store, o.WithGrace(grace))
	h.http = httptest.NewServer(h.chat)
	h.addr = h.http.Listener.Addr().String()
}

// stop stops the chat, and fails the test when the chat had to log an error.
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
	h.http.Close()
	if err := h.store.Close(); err != nil {
		h.t.Errorf("close: %v", err)
	}
	h.chat = nil
	if text := h.log.String(); bytes.Contains([]byte(text), []byte("level=ERROR")) {
		h.t.Errorf("the chat logged:\n%s", text)
	}
}

// logBook keeps what is logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// What goes over the wire, as a client sees it.
type (
	user struct {
		ID   int64
		Name string
	}
	room struct {
		ID             int64
		Kind           string
		Name, Topic    string
		Peer           *user
		Seq, Rev, Read int64
	}
	message struct {
		ID, Room, User, Seq, Rev, TS int64
		Body, CID                    string
	}
	hello struct {
		V     int
		Build string
		Token string
		Me    user
		Rooms []room
		Here  struct {
			Count  int
			People []user
		}
	}
	newMessage struct {
		Message message
		User    user
	}
	sent struct {
		OK               bool
		Code             string
		ID, Seq, Rev, TS int64
	}
	refusal struct {
		OK         bool
		Code       string
		RetryAfter float64
	}
	roomAnswer struct {
		OK   bool
		Code string
		Room room
	}
	page struct {
		OK       bool
		Messages []message
		Users    []user
		More     bool
		Rev, Seq int64
	}
	roomMember struct {
		Room int64
		User user
	}
)
