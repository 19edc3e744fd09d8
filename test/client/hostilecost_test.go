package client_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/pipe"
)

// Whatever a server does, it is bothered at most once a second on average: here for five minutes, of virtual time.
func TestReconnectsAtMostOnceASecond(t *testing.T) {
	say := func(frames ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			nc := shakeHands(w, r, guid)
			defer nc.Close()
			for i, f := range frames {
				if i == 1 {
					nc.Read(make([]byte, 1)) // CONNECT
				}
				io.WriteString(nc, frame(0x81, f))
			}
			if len(frames) > 2 {
				io.Copy(io.Discard, nc) // the client has to notice by itself
			}
		}
	}
	const welcome = `40{"sid":"xyz"}`
	for name, server := range map[string]http.HandlerFunc{
		"refuses": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"asks to come back at once": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"redirects without end":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"accepts and hangs up":       say(),
		"opens and hangs up":         say(handshake),
		"connects and hangs up":      say(handshake, welcome),
		"connects and talks rubbish": say(handshake, welcome, "4rubbish"),
		"connects and says nothing":  say(strings.NewReplacer("25000", "1", "20000", "1").Replace(handshake), welcome, "6"),
		"recovers and hangs up":      say(handshake, `40{"sid":"xyz","pid":"abc"}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := pipe.New()
				h := &http.Server{Handler: server}
				var serving sync.WaitGroup
				serving.Go(func() { h.Serve(network) })
				road := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return network.Dial(ctx) }}
				c, err := client.New("http://server.example", &client.Options{
					Engine: engineio.DialOptions{Transports: []string{"websocket"}, HTTP: &http.Client{Transport: road}},
				})
				if err != nil {
					t.Fatal(err)
				}
				var attempts atomic.Int64
				c.Manager().OnReconnectAttempt(func(int) { attempts.Add(1) })
				c.Connect()
				const minutes = 5
				time.Sleep(minutes * time.Minute)
				// The mean delay of the formula is 1.025 s, and the number deviates by 5.
				if n := attempts.Load(); n > minutes*60+25 || n < minutes*10 {
					t.Errorf("%d attempts in %d minutes", n, minutes)
				}
				c.Close()
				h.Close()
				network.Close()
				serving.Wait()
				road.CloseIdleConnections()
			})
		})
	}
}

// A server that says more than anybody reads, or promises it, takes at most 16 MiB.
func TestHostileServersTakeNoMemory(t *testing.T) {
	event := frame(0x81, `42["e","`+strings.Repeat("x", 10_000)+`"]`)
	kilobytes := strings.Repeat("x", 60<<10)
	const welcome = `40{"sid":"xyz"}`
	for name, c := range map[string]struct {
		first []string // frames
		flood string   // again and again
		small int      // packets of flood, if they are small
	}{
		"an open packet without end":        {nil, "\x81\x7f\x00\x00\x00\x00\x00\x7f\xff\xff" + kilobytes, 0},
		"events that nobody handles":        {[]string{handshake, welcome}, event, 0},
		"events before the answer":          {[]string{handshake}, event, 0},
		"empty events before the answer":    {[]string{handshake}, strings.Repeat(frame(0x81, `42["e"]`), 1000), 1000},
		"events of other namespaces":        {[]string{handshake, welcome}, strings.Repeat(frame(0x81, `42/other,["e"]`), 1000), 1000},
		"answers nobody asked for":          {[]string{handshake, welcome}, strings.Repeat(frame(0x81, `4312345678[1]`), 1000), 1000},
		"pings":                             {[]string{handshake, welcome}, strings.Repeat(frame(0x81, "2"), 1000), 1000},
		"pings of WebSocket":                {[]string{handshake, welcome}, strings.Repeat(frame(0x89, strings.Repeat("p", 125)), 1000), 1000},
		"noops":                             {[]string{handshake, welcome}, strings.Repeat(frame(0x81, "6"), 1000), 1000},
		"questions":                         {[]string{handshake, welcome}, strings.Repeat(frame(0x81, `421["q"]`), 1000), 1000},
		"attachments that are never enough": {[]string{handshake, welcome, `4510-["e",{"_placeholder":true,"num":0}]`}, frame(0x82, kilobytes), 0},
		"one message in many fragments":     {[]string{handshake, welcome}, "\x01\x00" + strings.Repeat(frame(0x00, "x"), 400_000), 400_000},
		"refusals":                          {[]string{handshake}, strings.Repeat(frame(0x81, `44{"message":"no"}`), 1000), 1000},
		"welcomes":                          {[]string{handshake}, strings.Repeat(frame(0x81, `40{"sid":"xyz","pid":"abc"}`), 1000), 1000},
		"goodbyes to namespaces":            {[]string{handshake, welcome}, strings.Repeat(frame(0x81, `41/other,`), 1000), 1000},
	} {
		t.Run(name, func(t *testing.T) {
			exhausted := make(chan struct{}, 100)
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				nc := shakeHands(w, r, guid)
				defer nc.Close()
				for _, f := range c.first {
					io.WriteString(nc, frame(0x81, f))
				}
				total := 24 << 20
				if c.small > 0 {
					total = min(total, 400_000/c.small*len(c.flood)) // more than 40 bytes for each packet would show
				}
				for sent := 0; sent < total; {
					nc.SetWriteDeadline(time.Now().Add(300 * time.Millisecond)) // who is not read for so long has nobody who reads
					n, err := io.WriteString(nc, c.flood)
					if sent += n; err != nil {
						break
					}
				}
				exhausted <- struct{}{}
				io.Copy(io.Discard, nc)
			}))
			defer h.Close()
			before := heap()
			s, err := client.New(h.URL, &client.Options{Logger: slog.New(slog.DiscardHandler), Engine: engineio.DialOptions{Transports: []string{"websocket"}}})
			if err != nil {
				t.Fatal(err)
			}
			release := make(chan struct{})
			wait := func(context.Context, client.Args) error { <-release; return nil }
			s.On("e", wait)
			s.On("q", wait)
			s.Manager().OnPing(func() { <-release })
			s.Connect()
			<-exhausted
			if grown := heap() - before; grown > 16<<20 {
				t.Errorf("the client holds %d KiB", grown>>10)
			}
			close(release)
			s.Close()
		})
	}
}

// heap is what is in use, after garbage was collected.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first moved into the victim caches of pools goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
