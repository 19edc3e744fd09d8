package webtransport

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json/v2"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport/webtransport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends a test that hangs; nothing is measured with it.
const patience = time.Minute

// certificate is one that a browser takes by its hash alone: ECDSA, valid for less than two weeks.
func certificate(t testing.TB) (tls.Certificate, [32]byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(13 * 24 * time.Hour),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, sha256.Sum256(der)
}

// site is an Engine.IO server on TCP and on UDP.
type site struct {
	t      testing.TB
	engine *engineio.Server
	wt     *webtransport.Server
	http   *httptest.Server
	target string // what WebTransport sessions are asked for at
	hash   [32]byte
	opened chan *peer // every session, in order
}

// peer is the server's side of a session: a handler that records, or answers.
type peer struct {
	*engineio.Conn
	onMessage func(*engineio.Conn, engineio.Message) // Fixed by the test.
	messages  chan engineio.Message                  // if onMessage is nil
	closed    chan engineio.Reason
}

func (p *peer) Message(c *engineio.Conn, m engineio.Message) {
	if p.onMessage != nil {
		p.onMessage(c, m)
		return
	}
	p.messages <- m
}

func (p *peer) Closed(_ *engineio.Conn, reason engineio.Reason, _ error) { p.closed <- reason }

func message(binary bool, data []byte) *packet.Prepared {
	return packet.Prepare(packet.Packet{Type: packet.Message, Binary: binary, Data: data})
}

func text(s string) *packet.Prepared { return message(false, []byte(s)) }

// echo sends every message back.
func echo(c *engineio.Conn, m engineio.Message) { c.Send(message(m.Binary, m.Data)) }

// newSite starts the servers. Nil options are the defaults. What prepares the engine runs before it is used.
func newSite(t testing.TB, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message), prepare ...func(*engineio.Server)) *site {
	t.Helper()
	pair, hash := certificate(t)
	s := &site{t: t, hash: hash, opened: make(chan *peer, 1024)}
	if o == nil {
		o = &engineio.Options{}
	}
	o.Logger = slog.New(slog.DiscardHandler)
	s.wt = webtransport.New(&webtransport.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}, IdleTimeout: 2 * time.Second, Logger: o.Logger})
	o.WebTransport = s.wt
	s.engine = engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
		p := &peer{Conn: c, onMessage: onMessage, messages: make(chan engineio.Message, 64), closed: make(chan engineio.Reason, 2)}
		s.opened <- p
		return p
	}, o)
	for _, f := range prepare {
		f(s.engine)
	}
	mux := http.NewServeMux()
	mux.Handle("/engine.io/", s.engine)
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><link rel="icon" href="data:,">`)
	})
	s.http = twins(t, mux, s.wt)
	s.target = fmt.Sprintf("https://%s/engine.io/", s.wt.Addr())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.engine.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := s.wt.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		s.http.Close()
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions left", n)
		}
	})
	return s
}

// next is the server's side of the session that was opened next.
func (s *site) next() *peer {
	s.t.Helper()
	return receive(s.t, s.opened)
}

// receive takes the next value of a channel.
func receive[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("not reached")
	}
}

// do makes a polling request.
func (s *site) do(method, query, body string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+"/engine.io/?"+query, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.http.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// want fails unless a polling request is answered with the status and body.
func (s *site) want(status int, answer, method, query, body string) {
	s.t.Helper()
	if got, b := s.do(method, query, body); got != status || b != answer {
		s.t.Fatalf("%s: got %d %q, want %d %q", method, got, b, status, answer)
	}
}

// handshake is what the open packet says.
type handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

func parseOpen(t testing.TB, record string) (h handshake) {
	t.Helper()
	if !strings.HasPrefix(record, "0") {
		t.Fatalf("open packet %q", record)
	}
	if err := json.Unmarshal([]byte(record[1:]), &h, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("open packet %q: %v", record, err)
	}
	return h
}

// openPolling opens a session over polling.
func (s *site) openPolling() (query string, h handshake, p *peer) {
	s.t.Helper()
	_, body := s.do("GET", "EIO=4&transport=polling", "")
	h = parseOpen(s.t, body)
	return "EIO=4&transport=polling&sid=" + h.SID, h, s.next()
}
