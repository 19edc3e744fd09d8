package engineio_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/transport/polling"
)

// A lane answers as net/http does: the same status, headers and body, whatever the options.
func TestLaneAnswersAsNetHTTP(t *testing.T) {
	long := strings.Repeat("a", 3000)
	type step struct{ method, lines, body, send string }
	script := []step{
		{method: "GET", send: "hi"},
		{method: "GET", lines: "Origin: https://good.example\r\n", send: "hi"},
		{method: "GET", lines: "Origin: https://evil.example\r\nUser-Agent: Trident/7\r\n", send: "hi"},
		{method: "GET", lines: "Accept-Encoding: gzip, deflate\r\n", send: long},
		{method: "GET", lines: "Accept-Encoding: identity\r\n", send: strings.Repeat(long, 20)},
		{method: "POST", lines: "Origin: https://good.example\r\n", body: "4a\x1e4b"},
		{method: "POST", lines: "User-Agent: x;MSIE\r\n", body: "4" + long},
		{method: "POST", body: "4" + strings.Repeat(long, 40)},
		{method: "PUT", body: "4"},
		{method: "OPTIONS", lines: "Origin: https://good.example\r\nAccess-Control-Request-Headers: x\r\n"},
		{method: "POST", lines: "Origin: https://good.example\r\n", body: "nonsense"},
		{method: "GET"},
	}
	for name, o := range map[string]*engineio.Options{
		"defaults":      {},
		"any origin":    {CORS: &engineio.CORS{Origins: []string{"*"}, ExposedHeaders: []string{"X-A", "X-B"}}},
		"one origin":    {CORS: &engineio.CORS{Origins: []string{"https://good.example"}, Credentials: true, MaxAge: time.Hour}},
		"asked":         {CORS: &engineio.CORS{AllowOrigin: func(_ *http.Request, o string) bool { return strings.Contains(o, "good") }}},
		"a hook":        {Headers: func(h http.Header, r *http.Request) { h.Set("X-Method", r.Method) }},
		"no compressor": {HTTPCompression: &engineio.HTTPCompression{Off: true}},
		"bound":         {BindAddress: true},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, start := range []starter{start, startLane} {
				var got []string
				bubbleBehind(t, start, o, ignore, func(t *testing.T, s *site) {
					q, p := s.openPolling()
					nc, err := s.dial(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					defer nc.Close()
					br := bufio.NewReader(nc)
					for _, step := range script {
						length := ""
						if step.body != "" {
							length = fmt.Sprintf("Content-Length: %d\r\n", len(step.body))
						}
						go fmt.Fprintf(nc, "%s /engine.io/?%s HTTP/1.1\r\nHost: a\r\n%s%s\r\n%s", step.method, q, step.lines, length, step.body)
						synctest.Wait()
						if step.send != "" {
							p.Send(text(step.send))
						}
						res, err := http.ReadResponse(br, nil)
						if err != nil {
							t.Fatalf("%+v: %v", step, err)
						}
						body, _ := io.ReadAll(res.Body)
						if res.Header.Get("Date") == "" {
							t.Errorf("%+v: no date", step)
						}
						delete(res.Header, "Date")
						line := fmt.Sprint(res.Status, res.Proto, res.Close, res.ContentLength, res.TransferEncoding, string(body))
						for _, name := range slices.Sorted(maps.Keys(res.Header)) {
							line += fmt.Sprint("\n", name, res.Header[name])
						}
						got = append(got, line)
						if res.Close {
							if _, err := br.ReadByte(); err != io.EOF {
								t.Errorf("%+v: still open: %v", step, err)
							}
							nc.Close()
							if nc, err = s.dial(t.Context()); err != nil {
								t.Fatal(err)
							}
							defer nc.Close()
							br = bufio.NewReader(nc)
						}
					}
				})
				if want == nil {
					want = got
					continue
				}
				for i := range want {
					if got[i] != want[i] {
						t.Errorf("%s %s: got\n%.300s\nwant\n%.300s", script[i].method, script[i].lines, got[i], want[i])
					}
				}
			}
		})
	}
}

// Two GETs at once end the session, wherever the second one comes.
func TestLaneOverlap(t *testing.T) {
	bubbleBehind(t, startLane, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		first := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.get(q), 400, "")
		s.want(<-first, 200, "1")
		if e := <-p.closed; e != (ending{engineio.TransportError, polling.ErrOverlap}) {
			t.Errorf("closed: %v", e)
		}
	})
}

// Middleware that is put around the server later than the lane is seen all the same.
func TestLaneLeavesMiddlewareAlone(t *testing.T) {
	bubbleBehind(t, startLane, nil, echo, func(t *testing.T, s *site) {
		s.engine.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Seen", r.Method)
				next.ServeHTTP(w, r)
			})
		})
		q, _ := s.openPolling()
		for range 2 {
			if a := s.post(q, "4hi"); a.body != "ok" || a.header.Get("X-Seen") != "POST" {
				t.Errorf("%+v", a)
			}
			if a := s.get(q); a.body != "4hi" || a.header.Get("X-Seen") != "GET" {
				t.Errorf("%+v", a)
			}
		}
	})
}

// A session that ends while a body is under way: the answer is the one of net/http.
func TestLanePostComesTooLate(t *testing.T) {
	var want string
	for _, start := range []starter{start, startLane} {
		bubbleBehind(t, start, nil, nil, func(t *testing.T, s *site) {
			q, p := s.openPolling()
			nc, err := s.dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			fmt.Fprintf(nc, "POST /engine.io/?%s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n4ab", q)
			synctest.Wait()
			p.CloseWith(engineio.ForcedClose, nil)
			fmt.Fprint(nc, "cd")
			res, err := http.ReadResponse(bufio.NewReader(nc), nil)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			got := fmt.Sprint(res.Status, res.Close, string(body))
			if want == "" {
				want = got
			}
			if got != want || !strings.Contains(got, "Session ID unknown") {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// Whoever sends writes the answer to a poll, and what posts is read without net/http: little is allocated.
func TestLaneAllocatesLittle(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s := loopbackBehind(t, startLane, nil, echo)
	q, _ := s.openPolling()
	var conns [2]net.Conn
	for i := range conns {
		nc, err := s.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		conns[i] = nc
	}
	get, post := conns[0], conns[1]
	poll := []byte("GET /engine.io/?" + q + " HTTP/1.1\r\nHost: a\r\n\r\n")
	data := []byte("POST /engine.io/?" + q + " HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n4hello")
	in := make([]byte, 4096)
	round := func() {
		get.Write(poll)
		post.Write(data)
		for _, nc := range []io.Reader{post, get} {
			if _, err := nc.Read(in); err != nil {
				t.Fatal(err)
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(200, round); n > 6 {
		t.Errorf("%v objects an echo", n)
	}
}

// A WebSocket handshake on a lane is answered as by net/http, and the session knows the same of it; also of one that is refused.
func TestLaneHandshakesAsNetHTTP(t *testing.T) {
	const websocket = "EIO=4&transport=websocket"
	type try struct{ query, lines, extra string }
	tries := []try{
		{query: websocket},
		{query: websocket, lines: "X-Mine: a\r\nX-Mine: b\r\n", extra: string(maskedFrame(0x81, "4early"))},
		{query: websocket + "&mine=%41", lines: "Cookie: a=b\r\nSec-WebSocket-Protocol: one, two\r\n"},
		{query: websocket, lines: "Origin: http://example.test\r\n"},
		{query: websocket, lines: "Origin: http://evil.example\r\n"},
		{query: websocket, lines: "Sec-WebSocket-Extensions: permessage-deflate\r\nX-Long: " + strings.Repeat("x", 2000) + "\r\n"},
		{query: websocket + "&sid=unknown"},
		{query: "EIO=3&transport=websocket"},
		{query: "EIO=4&transport=polling"},
	}
	for name, o := range map[string]*engineio.Options{
		"defaults": {}, "deflate": {PerMessageDeflate: &engineio.PerMessageDeflate{}}, "old clients": {AllowEIO3: true},
		"asked":  {AllowRequest: func(r *http.Request) error { r.Header.Set("X-Seen", "yes"); return nil }},
		"capped": {Caps: engineio.Caps{Sessions: 2}},
		"hooks":  {InitialHeaders: func(h http.Header, _ *http.Request) { h.Set("X-First", "yes") }},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, start := range []starter{start, startLane} {
				var got []string
				bubbleBehind(t, start, o, nil, func(t *testing.T, s *site) {
					for range 2 { // what came once is remembered
						for _, try := range tries {
							w, res := s.request(try.query, try.lines, try.extra)
							delete(res.Header, "Date")
							line := fmt.Sprint(res.Status)
							for _, name := range slices.Sorted(maps.Keys(res.Header)) {
								line += fmt.Sprint("\n", name, res.Header[name])
							}
							if res.StatusCode != http.StatusSwitchingProtocols {
								body, _ := io.ReadAll(res.Body)
								got = append(got, line+string(body))
								continue
							}
							w.text()
							p := <-s.opened
							if try.extra != "" {
								line += "\n" + data(<-p.messages)
							}
							r := p.Request()
							line += fmt.Sprint("\n", r.Method, r.URL, r.Query, r.Host, r.RemoteAddr, r.Secure)
							for _, name := range slices.Sorted(maps.Keys(r.Header)) {
								if name != "Sec-Websocket-Key" {
									line += fmt.Sprint("\n", name, r.Header[name])
								}
							}
							server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
							line += fmt.Sprint("\n", server == s.http, r.Context().Value(http.LocalAddrContextKey))
							got = append(got, line)
							w.nc.Close()
							<-p.closed
						}
					}
				})
				if want == nil {
					want = got
					continue
				}
				for i := range want {
					if got[i] != want[i] {
						t.Errorf("%+v: got\n%.500s\nwant\n%.500s", tries[i%len(tries)], got[i], want[i])
					}
				}
			}
		})
	}
}
