package web_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// peer is a client over WebSocket that writes down everything it hears. Its methods are for the test's goroutine.
type peer struct {
	t    testing.TB
	conn *raw.Conn
	asks int

	mu    sync.Mutex
	more  *sync.Cond // on mu: said has grown, or the connection has ended
	said  []string   // packets of the main namespace as they came, without "4". Guarded by mu.
	ended bool       // Guarded by mu.
	code  int        // of the close frame; 0 without one. Guarded by mu.
	done  chan struct{}

	read map[string]int // events that await has given, by name
}

// dial connects and asks for a namespace with a payload; what the server says to that is for the caller.
func (h *house) dial(connect string, headers ...string) *peer {
	h.t.Helper()
	conn, err := raw.Dial(h.addr)
	if err == nil {
		err = conn.Send(raw.Handshake(raw.WebSocketTarget, headers...))
	}
	if err == nil {
		err = conn.Switched()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	p := &peer{t: h.t, conn: conn, read: make(map[string]int), done: make(chan struct{})}
	p.more = sync.NewCond(&p.mu)
	go p.listen()
	h.t.Cleanup(p.leave)
	p.say("40" + connect)
	return p
}

// guest is somebody new, connected and welcomed.
func (h *house) guest(name string) (*peer, hello) {
	h.t.Helper()
	p := h.dial(`{"name":` + strconv.Quote(name) + `}`)
	return p, p.welcome()
}

// tab is another connection of the person with that token.
func (h *house) tab(token string) *peer {
	h.t.Helper()
	p := h.dial(`{"token":` + strconv.Quote(token) + `}`)
	p.welcome()
	return p
}

func (p *peer) welcome() hello {
	p.t.Helper()
	return await[hello](p, "hello")
}

// leave ends the connection without a word.
func (p *peer) leave() {
	p.conn.Reset()
	<-p.done
}

func (p *peer) say(packet string) {
	p.t.Helper()
	if err := p.conn.Send(raw.AppendFrame(nil, raw.Text, []byte(packet))); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) listen() {
	defer close(p.done)
	for {
		f, err := p.conn.Frame()
		p.mu.Lock()
		if err != nil || f.First == raw.Close {
			p.ended, p.code = true, f.Code()
			p.more.Broadcast()
			p.mu.Unlock()
			p.conn.Close()
			return
		}
		if packet, ok := strings.CutPrefix(string(f.Payload), "4"); ok {
			p.said = append(p.said, packet)
			p.more.Broadcast()
		}
		p.mu.Unlock()
	}
}

// until waits for the n-th packet, counted from 0, that begins like that, and gives the rest of it.
func (p *peer) until(prefix string, n int) string {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for from := 0; ; {
		for ; from < len(p.said); from++ {
			if rest, ok := strings.CutPrefix(p.said[from], prefix); ok {
				if n == 0 {
					return rest
				}
				n--
			}
		}
		if p.ended {
			p.t.Fatalf("the connection ended before %q; it said %q", prefix, p.said)
		}
		p.more.Wait()
	}
}

// await waits for the next event of that name.
func await[T any](p *peer, event string) T {
	p.t.Helper()
	n := p.read[event]
	p.read[event]++
	return decode[T](p, p.until(`2["`+event+`",`, n))
}

// heard returns all events of that name so far.
func heard[T any](p *peer, event string) []T {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []T
	for _, packet := range p.said {
		if rest, ok := strings.CutPrefix(packet, `2["`+event+`",`); ok {
			list = append(list, decode[T](p, rest))
		}
	}
	return list
}

// decode reads the one argument of an event or an answer, without the bracket that opens the list.
func decode[T any](p *peer, rest string) (v T) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(strings.TrimSuffix(rest, "]")), &v); err != nil {
		p.t.Fatalf("%v in %.300q", err, rest)
	}
	return v
}

// ask sends a request and gives the answer.
func ask[T any](p *peer, event string, request string) T {
	p.t.Helper()
	return decode[T](p, p.until(fmt.Sprintf("3%d[", p.send(event, request)), 0))
}

// send sends a request and does not wait.
func (p *peer) send(event, request string) int {
	p.t.Helper()
	id := p.asks
	p.asks++
	p.say(fmt.Sprintf("42%d[%q,%s]", id, event, request))
	return id
}

// refused asks for what the server must refuse with that code.
func (p *peer) refused(code, event, request string) refusal {
	p.t.Helper()
	r := ask[refusal](p, event, request)
	if r.OK || r.Code != code {
		p.t.Errorf("%s %s: answered %+v, want the refusal %q", event, request, r, code)
	}
	return r
}
