package engineio_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// secured is a server behind TLS, where nothing can be written without the chance of waiting.
func secured(t *testing.T, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message)) (*httptest.Server, chan *peer, func() *wsClient) {
	opened := make(chan *peer, 16)
	engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
		p := &peer{Conn: c, onMessage: onMessage, messages: make(chan engineio.Message, 64), closed: make(chan ending, 2)}
		opened <- p
		return p
	}, o)
	s := httptest.NewTLSServer(engine)
	t.Cleanup(func() {
		engine.Close()
		s.Close()
	})
	return s, opened, func() *wsClient {
		t.Helper()
		nc, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true}) // its own certificate
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		io.WriteString(nc, strings.Replace(goodHandshake, "%s", "EIO=4&transport=websocket", 1)+"\r\n")
		w := &wsClient{t, nc, bufio.NewReader(nc)}
		if res, err := http.ReadResponse(w.br, nil); err != nil || res.StatusCode != 101 {
			t.Fatal(res, err)
		}
		w.text()
		return w
	}
}

func TestTLS(t *testing.T) {
	_, opened, dial := secured(t, nil, nil)
	w := dial()
	p := <-opened
	if !p.Request().Secure {
		t.Error("not known to be secure")
	}
	w.send("4hello")
	if got := data(<-p.messages); got != "hello" {
		t.Errorf("got %q", got)
	}
	done := later(func() error {
		for i := range 500 {
			if err := p.Send(text(fmt.Sprint(i)), message(true, make([]byte, i*100))); err != nil {
				return err
			}
			for p.BufferedAmount() > 500_000 {
				time.Sleep(time.Millisecond)
			}
		}
		p.Close()
		return nil
	})
	for i := range 500 {
		w.wantText(fmt.Sprint("4", i))
		if first, payload, err := w.frame(); first != 0x82 || len(payload) != i*100 || err != nil {
			t.Fatalf("%d: frame %#x of %d, %v", i, first, len(payload), err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.wantClose(noCode)
	if e := <-p.closed; e != (ending{engineio.ForcedClose, nil}) {
		t.Errorf("closed: %v", e)
	}
}

// Polling over TLS, for clients with a certificate of their own and without.
func TestTLSPolling(t *testing.T) {
	for _, auth := range []tls.ClientAuthType{tls.NoClientCert, tls.RequestClientCert, tls.RequireAnyClientCert} {
		t.Run(auth.String(), func(t *testing.T) {
			engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
				return &peer{Conn: c, onMessage: echo, closed: make(chan ending, 2)}
			}, nil)
			s := httptest.NewUnstartedServer(engine)
			s.TLS = &tls.Config{ClientAuth: auth}
			s.StartTLS()
			defer s.Close()
			defer engine.Close()
			client := s.Client()
			if auth == tls.RequireAnyClientCert {
				client.Transport.(*http.Transport).TLSClientConfig.Certificates = s.TLS.Certificates
			}
			do := func(method, query, body string) string {
				r, err := http.NewRequest(method, s.URL+"/engine.io/?EIO=4&transport=polling"+query, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				res, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				b, err := io.ReadAll(res.Body)
				if err != nil || res.StatusCode != 200 {
					t.Fatalf("%s %s %v", res.Status, b, err)
				}
				return string(b)
			}
			sid := "&sid=" + parseOpen(t, do("GET", "", "")).SID
			do("POST", sid, "4hello")
			if got := do("GET", sid, ""); got != "4hello" {
				t.Errorf("%q", got)
			}
		})
	}
}

// A peer behind TLS that reads nothing is cut off like any other, and whoever sends does not wait for that.
func TestOutboxFullOnTLS(t *testing.T) {
	_, opened, dial := secured(t, nil, nil)
	dial()
	p := <-opened
	m := text(strings.Repeat("a", 100_000))
	for range 1000 {
		if err := p.Send(m); err != nil {
			if err != engineio.ErrBufferFull {
				t.Error(err)
			}
			if e := <-p.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
				t.Errorf("closed: %v", e)
			}
			return
		}
	}
	t.Error("100 MB went nowhere")
}
