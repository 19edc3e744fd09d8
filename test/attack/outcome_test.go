package attack

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// requests sends an HTTP request and expects one of statuses; 0 stands for a connection that ends without an answer.
func requests(request []byte, statuses ...int) func(*testing.T, *site) {
	return func(t *testing.T, s *site) {
		r, err := raw.Exchange(s.addr, request)
		status := 0
		if r != nil {
			status = r.Status
		}
		if status == 0 && os.IsTimeout(err) {
			t.Fatalf("no answer and no end: %v", err)
		}
		if !slices.Contains(statuses, status) {
			t.Fatalf("answered by %d (%v); want one of %v", status, err, statuses)
		}
		if r != nil {
			checkHeaders(t, r)
		}
	}
}

// refuses expects HTTP status 400 and an Engine.IO error code in a JSON body.
func refuses(request []byte, code int) func(*testing.T, *site) {
	return func(t *testing.T, s *site) {
		t.Helper()
		r, err := raw.Exchange(s.addr, request)
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, r, 400, code)
	}
}

func wantRefusal(t *testing.T, r *raw.Response, status, code int) {
	t.Helper()
	if want := fmt.Sprintf(`{"code":%d,`, code); r.Status != status || !strings.HasPrefix(string(r.Body), want) {
		t.Errorf("answered by %d %.200q; want %d %s…", r.Status, r.Body, status, want)
	}
	checkHeaders(t, r)
}

// checkHeaders holds every response of the server to what none of them may do: let a foreign page read it, let a
// browser guess its type, or run.
func checkHeaders(t *testing.T, r *raw.Response) {
	t.Helper()
	for name := range r.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("a response bears %s: %s, but no origin was allowed", name, r.Header.Get(name))
		}
	}
	if kind := r.Header.Get("Content-Type"); strings.Contains(kind, "script") {
		t.Errorf("Content-Type is %q", kind)
	}
}

// ended says whether err, from reading a session, means that the server ended it.
func ended(err error) bool {
	var timeout net.Error
	switch {
	case err == nil:
		return false
	case errors.As(err, &timeout) && timeout.Timeout():
		return false
	}
	return true
}

// gone waits until the server has forgotten the session of p. Closing is not instant, so it asks again for a while.
func gone(t *testing.T, s *site, p *raw.Peer) {
	t.Helper()
	// A plain GET for the transport the session is not on: a session that lives refuses it and is not touched by it.
	target := raw.Poll(p.SID)
	if p.Transport() == "polling" {
		target = raw.Upgrade(p.SID)
	}
	goneAt(t, s, target)
}

// goneAt is gone for a session that only has a target.
func goneAt(t *testing.T, s *site, target string) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(raw.Patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		r, err := raw.Exchange(s.addr, raw.Request("GET", target, nil))
		if err != nil {
			t.Fatal(err)
		}
		if last = fmt.Sprintf("%d %.100s", r.Status, r.Body); r.Status == 400 && strings.Contains(string(r.Body), `"code":1,`) {
			return
		}
	}
	t.Errorf("the session is still known: %s", last)
}

// transcript reads a peer to its end in a goroutine of its own.
type transcript struct {
	packets []raw.Packet
	err     error
	done    chan struct{}
}

func record(p *raw.Peer) *transcript {
	tr := &transcript{done: make(chan struct{})}
	go func() {
		defer close(tr.done)
		for {
			packet, err := p.Next()
			if err != nil {
				tr.err = err
				return
			}
			tr.packets = append(tr.packets, packet)
		}
	}()
	return tr
}

// answers are the packets that only a handler can have sent.
func (tr *transcript) answers() []string {
	var all []string
	for _, p := range tr.packets {
		if p.Text != "" && strings.ContainsRune("2356", rune(p.Text[0])) {
			all = append(all, p.Text)
		}
	}
	return all
}

// transports are the roads on which a packet can come.
var transports = []string{"websocket", "polling"}

// onBoth makes an attack of f for each transport. f gets a connected peer.
func onBoth(name string, f func(t *testing.T, s *site, p *raw.Peer)) []attack {
	var both []attack
	for _, transport := range transports {
		both = append(both, attack{name + " on " + transport, func(t *testing.T, s *site) {
			p, err := raw.Connect(s.addr, transport)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			f(t, s, p)
		}})
	}
	return both
}

// closes expects that hostile ends the session, that an echo sent right behind it is not answered, and that the server
// forgets the session.
func closes(name, hostile string, attachments ...[]byte) []attack {
	return onBoth(name, func(t *testing.T, s *site, p *raw.Peer) {
		tr := record(p)
		// The session may be gone before either is written whole; what counts is what comes back.
		p.Say(hostile, attachments...)
		p.Say(`4299["echo","after"]`)
		<-tr.done
		if !ended(tr.err) {
			t.Fatalf("the session goes on: %v", tr.err)
		}
		if a := tr.answers(); len(a) > 0 {
			t.Errorf("a handler ran: %.200q", a)
		}
		gone(t, s, p)
	})
}

// survives expects that hostile is harmless: nothing answers it, and the session goes on.
func survives(name, hostile string, attachments ...[]byte) []attack {
	return onBoth(name, func(t *testing.T, _ *site, p *raw.Peer) {
		if err := p.Say(hostile, attachments...); err != nil {
			t.Fatal(err)
		}
		stillServed(t, p)
	})
}

// stillServed expects that the next packet of p answers the echo sent now.
func stillServed(t *testing.T, p *raw.Peer) {
	t.Helper()
	if err := p.Ask(`4299["echo","after"]`, `399["after"]`); err != nil {
		t.Fatalf("the session is hurt: %v", err)
	}
}

// settles is for input that a server may accept or refuse: the session ends without an answer, or it goes on and at
// most hostile itself and the echo behind it are answered.
func settles(name, hostile string, attachments ...[]byte) []attack {
	return onBoth(name, func(t *testing.T, s *site, p *raw.Peer) {
		p.Say(hostile, attachments...)
		p.Say(`4299["echo","after"]`)
		for n := 0; n < 3; n++ {
			packet, err := p.Next()
			if packet.Text == `399["after"]` {
				return
			}
			if err != nil {
				if !ended(err) {
					t.Fatalf("neither an end nor an answer: %v", err)
				}
				gone(t, s, p)
				return
			}
		}
		t.Error("more came back than was asked for")
	})
}

// join flattens lists of attacks.
func join(lists ...[]attack) []attack { return slices.Concat(lists...) }
