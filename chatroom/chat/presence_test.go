package chat_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/chatroom/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diary writes down announcements.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) write(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

func newPresence(d *diary) *chat.Presence {
	return chat.NewPresence(chat.Grace, func(u chat.UserID) { d.write("%d left", u) })
}

func arrive(p *chat.Presence, d *diary, u chat.UserID) {
	p.Arrive(u, func() { d.write("%d came", u) })
}

func TestPresenceCountsPeopleNotTabs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		p := newPresence(&d)
		arrive(p, &d, 1)
		arrive(p, &d, 1)
		arrive(p, &d, 2)
		if got := p.Here(); !slices.Equal(got, []chat.UserID{1, 2}) || p.Count() != 2 {
			t.Errorf("here: %v, count %d", got, p.Count())
		}
		p.Depart(1)
		time.Sleep(time.Minute)
		if !p.IsHere(1) {
			t.Error("gone although one tab is left")
		}
		p.Depart(1)
		time.Sleep(chat.Grace - time.Millisecond)
		if !p.IsHere(1) {
			t.Error("gone within the grace period")
		}
		time.Sleep(2 * time.Millisecond)
		if p.IsHere(1) {
			t.Error("still here after the grace period")
		}
		if got, want := d.read(), []string{"1 came", "2 came", "1 left"}; !slices.Equal(got, want) {
			t.Errorf("announced %q, want %q", got, want)
		}
	})
}

func TestPresenceReloadMakesNoNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		p := newPresence(&d)
		arrive(p, &d, 1)
		for range 5 {
			p.Depart(1)
			time.Sleep(chat.Grace - time.Second)
			arrive(p, &d, 1)
		}
		time.Sleep(time.Hour)
		if got, want := d.read(), []string{"1 came"}; !slices.Equal(got, want) {
			t.Errorf("announced %q, want %q", got, want)
		}
	})
}

func TestPresenceReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		p := newPresence(&d)
		arrive(p, &d, 1)
		p.Depart(1)
		time.Sleep(2 * chat.Grace)
		arrive(p, &d, 1)
		if got, want := d.read(), []string{"1 came", "1 left", "1 came"}; !slices.Equal(got, want) {
			t.Errorf("announced %q, want %q", got, want)
		}
	})
}

// Someone who comes back while others hear that they left is heard to come after that, never before.
func TestPresenceAnnouncesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var p *chat.Presence
		p = chat.NewPresence(chat.Grace, func(u chat.UserID) {
			arrive(p, &d, u) // comes back before the leave is told
			d.write("%d left", u)
		})
		arrive(p, &d, 1)
		p.Depart(1)
		time.Sleep(2 * chat.Grace)
		if got, want := d.read(), []string{"1 came", "1 left", "1 came"}; !slices.Equal(got, want) {
			t.Errorf("announced %q, want %q", got, want)
		}
	})
}

func TestPresenceCloseTellsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		p := newPresence(&d)
		arrive(p, &d, 1)
		arrive(p, &d, 2)
		p.Depart(1)
		p.Close()
		p.Depart(2)
		time.Sleep(time.Hour)
		if got, want := d.read(), []string{"1 came", "2 came"}; !slices.Equal(got, want) {
			t.Errorf("announced %q, want %q", got, want)
		}
	})
}
