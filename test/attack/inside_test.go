package attack

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/residue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestInside attacks a server inside the test, so that what is left behind can be counted: sessions, sockets,
// goroutines, and the heap. Only its timers differ from the defaults, so that sessions whose peer has vanished are seen
// to end, and permessage-deflate is on, for there is more to attack then.
func TestInside(t *testing.T) {
	var complaints complaints
	io := socketio.NewServer(&socketio.Options{
		// Longer than a ping may stay unanswered: the end of a polling session by this timer waits 30 s for a last poll.
		ConnectTimeout: 8 * time.Second,
		Engine: engineio.Options{PingInterval: 2 * time.Second, PingTimeout: 3 * time.Second, UpgradeTimeout: 2 * time.Second,
			PerMessageDeflate: &engineio.PerMessageDeflate{}},
		Logger: slog.New(&complaints),
	})
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	if err := io.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s := &site{addr: io.Addr().String(), sizes: sizes{part: 10}, hurried: true}
	if full {
		s.sizes = sizes{}
	}

	before := residue.Of(io)
	s.witness = startWitness(t, s.addr)
	rounds(t, s, 2)
	s.witness.leave(t)
	before.Await(t, io, heapGrowth)

	if err := io.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if stats := io.Stats(); stats.Panics > 0 {
		t.Errorf("%d panics", stats.Panics)
	}
	complaints.check(t)
}

// heapGrowth is how much larger the heap may be after the set, in bytes: tables and pools that keep their size. The set
// opens tens of thousands of sessions, so a leak of a kilobyte each would be far beyond it.
const heapGrowth = 4 << 20

// complaints is a log handler that keeps what a server should have no reason to say: warnings and errors, and any text
// that is long or holds what only a peer can have written.
type complaints struct {
	mu  sync.Mutex
	all []string
}

var _ slog.Handler = (*complaints)(nil)

func (c *complaints) Enabled(context.Context, slog.Level) bool { return true }
func (c *complaints) WithAttrs([]slog.Attr) slog.Handler       { return c }
func (c *complaints) WithGroup(string) slog.Handler            { return c }

func (c *complaints) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	if r.Level >= slog.LevelError || len(line) > 2000 {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all = append(c.all, fmt.Sprintf("%s %.2000s", r.Level, line))
	}
	return nil
}

func (c *complaints) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range c.all {
		t.Errorf("the server logged: %s", line)
	}
}
