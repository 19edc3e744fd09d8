package attack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/raw"
)

// maxPayload is the limit that a server announces by default, in bytes.
const maxPayload = 1_000_000

// bodyAttacks are POSTs that are too large, too many packets, or no packets.
func bodyAttacks(n sizes) []attack {
	const tooLarge = 413
	all := []attack{
		{"one byte over the limit", func(t *testing.T, s *site) {
			p := openSession(t, s)
			wantTooLarge(t, p, raw.Request("POST", raw.Poll(p.SID), []byte("4"+strings.Repeat("2", maxPayload))))
			stillServed(t, p.Peer)
		}},
		{"4 MB of digits", func(t *testing.T, s *site) {
			p := openSession(t, s)
			wantTooLarge(t, p, raw.Request("POST", raw.Poll(p.SID), []byte("4"+strings.Repeat("2", 4<<20))))
			stillServed(t, p.Peer)
		}},
		{"an announced petabyte", func(t *testing.T, s *site) {
			p := openSession(t, s)
			wantTooLarge(t, p, raw.Request("POST", raw.Poll(p.SID), []byte("4a"), "Content-Length: 1125899906842624"))
			stillServed(t, p.Peer)
		}},
		{"an announced petabyte that waits for leave", func(t *testing.T, s *site) {
			p := openSession(t, s)
			wantTooLarge(t, p, raw.Request("POST", raw.Poll(p.SID), nil, "Content-Length: 1125899906842624", "Expect: 100-continue"))
			stillServed(t, p.Peer)
		}},
		{"chunks without end", endless},
		{"the limit exactly", func(t *testing.T, s *site) {
			p := openSession(t, s)
			head, tail := `4210["echo","`, `"]`
			filler := strings.Repeat("a", maxPayload-len(head)-len(tail))
			if err := p.Ask(head+filler+tail, `310["`+filler+`"]`); err != nil {
				t.Fatalf("%.300v", err)
			}
		}},
	}
	// Bodies that are no payload: the session ends, with a 400 or with a 200 that came before the parser.
	for _, b := range []struct {
		name, body string
		statuses   []int
	}{
		{"nothing", "", []int{200, 400}},
		{"a separator", "\x1e", []int{400}},
		{"a leading separator", "\x1e4a", []int{200, 400}},
		{"a trailing separator", `421["echo"]` + "\x1e", []int{200, 400}},
		{"separators without end", strings.Repeat("\x1e", n.of(999_999)), []int{400, 413}},
		{"noops to the limit", strings.Repeat("6\x1e", n.of(499_999)) + "6", []int{400, 413}},
		{"16,385 noops", strings.Repeat("6\x1e", 16_384) + "6", []int{400, 413}},
		{"empty messages to the limit", strings.Repeat("4\x1e", n.of(333_332)) + "4", []int{200, 400, 413}},
		{"half pairs to the limit", strings.Repeat("6\x1e", n.of(500_000)), []int{400, 413}},
		{"a packet that is none", "abc", []int{400}},
		{"an unknown packet", "7", []int{400}},
		{"a blank before", ` 421["echo"]`, []int{400}},
		{"a byte order mark before", "\ufeff" + `421["echo"]`, []int{400}},
		{"UTF-16", "4\x002\x00", []int{200, 400}},
		{"a payload of version 3", `11:421["echo"]`, []int{200, 400}},
		{"an open packet", `0{"sid":"a"}`, []int{200, 400}},
		{"digits to the limit", "4" + strings.Repeat("2", maxPayload-1), []int{200, 400}},
		{"base64 that is none", "b!!!!", []int{200, 400}},
		{"base64 without its end", "bAQIDB", []int{200, 400}},
		{"base64 over several packets", "bAQ\x1eID", []int{200, 400}},
		{"a binary that nothing announced", "bAQIDBA==", []int{200, 400}},
		{"a ping from a client", "2", []int{200, 400}},
		{"a probe in a post", "2probe", []int{200, 400}},
		{"a bad packet behind a good event", `4` + "\x1e" + `421["echo"]`, []int{200, 400}},
	} {
		all = append(all, attack{"a post of " + b.name, func(t *testing.T, s *site) {
			p := openSession(t, s)
			r, err := raw.Exchange(s.addr, raw.Request("POST", raw.Poll(p.SID), []byte(b.body)))
			if err != nil {
				t.Fatal(err)
			}
			wantOneOf(t, r, b.statuses)
			if r.Status == tooLarge || b.body == "" {
				return
			}
			if harmless := b.name == "an open packet" || b.name == "a trailing separator" || b.name == "a leading separator"; harmless {
				return // ignored or refused: the reference does the one, a strict reader the other
			}
			// A close that no poll waits for is told to the next one.
			for {
				if _, err := p.Next(); err != nil {
					if !ended(err) {
						t.Fatalf("the session goes on: %v", err)
					}
					break
				}
			}
			gone(t, s, p.Peer)
		}})
	}
	return all
}

func wantOneOf(t *testing.T, r *raw.Response, statuses []int) {
	t.Helper()
	for _, s := range statuses {
		if r.Status == s {
			return
		}
	}
	t.Errorf("answered by %d %.200q; want one of %v", r.Status, r.Body, statuses)
}

// wantTooLarge sends a request of the session and expects a 413.
func wantTooLarge(t *testing.T, p *session, request []byte) {
	t.Helper()
	c, err := raw.Dial(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go c.Send(request) // the server may answer and close in the middle
	if r := answer(t, c); r.Status != 413 {
		t.Errorf("answered by %d %.200q; want 413", r.Status, r.Body)
	}
}

// endless writes chunk after chunk: the server must count them as they come, answer and close. It may not read on.
func endless(t *testing.T, s *site) {
	p := openSession(t, s)
	c := p.begin(t, raw.Request("POST", raw.Poll(p.SID), nil, "Transfer-Encoding: chunked"))
	sent := make(chan int, 1)
	go func() {
		chunk := []byte(fmt.Sprintf("%x\r\n%s\r\n", 4096, strings.Repeat("6", 4096)))
		total := 0
		for {
			c.TCP.SetWriteDeadline(time.Now().Add(raw.Patience))
			n, err := c.TCP.Write(chunk)
			if total += n; err != nil {
				sent <- total
				return
			}
		}
	}()
	if r := answer(t, c); r.Status != 413 {
		t.Errorf("answered by %d; want 413", r.Status)
	}
	// What the kernels hold and the server drains for politeness is far below this.
	if n := <-sent; n > 64<<20 {
		t.Errorf("the server took %d bytes", n)
	}
	stillServed(t, p.Peer)
}
