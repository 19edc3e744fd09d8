package engineio_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

const (
	offer  = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
	agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
)

// openDeflate opens a session on WebSocket with the extension.
func (s *site) openDeflate() (*wsClient, *peer) {
	s.t.Helper()
	w, res := s.request("EIO=4&transport=websocket", offer, "")
	if got := res.Header.Get("Sec-WebSocket-Extensions"); res.StatusCode != 101 || got != agreed {
		s.t.Fatalf("%s, extensions %q", res.Status, got)
	}
	_, open := w.message() // which is compressed if there is no threshold
	parseOpen(s.t, open)
	return w, <-s.opened
}

// message reads a data message, compressed or not.
func (w *wsClient) message() (compressed bool, text string) {
	w.t.Helper()
	first, payload, err := w.frame()
	if err != nil {
		w.t.Fatal(err)
	}
	switch first {
	case 0x81, 0x82:
		return false, string(payload)
	case 0xc1, 0xc2:
		return true, inflate(w.t, payload)
	}
	w.t.Fatalf("frame %#x %.40q", first, payload)
	return false, ""
}

func inflate(t testing.TB, payload []byte) string {
	t.Helper()
	end := strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")
	b, err := io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(payload), end)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func squeeze(text string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	io.WriteString(w, text)
	w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

func uncompressed(p *packet.Prepared) *packet.Prepared {
	p.NoCompress = true
	return p
}

// A message is compressed for those who agreed to it, from the threshold on, unless it asked to go as it is.
func TestPerMessageDeflate(t *testing.T) {
	long := strings.Repeat("Habe nun, ach! ", 100)
	for name, tt := range map[string]struct {
		o                                           *engineio.PerMessageDeflate
		at1023, at1024, binary, asked, short, empty bool
	}{
		"default":        {&engineio.PerMessageDeflate{}, false, true, true, false, false, false},
		"fast":           {&engineio.PerMessageDeflate{Level: 1}, false, true, true, false, false, false},
		"high threshold": {&engineio.PerMessageDeflate{Threshold: 1025}, false, false, true, false, false, false},
		"no threshold":   {&engineio.PerMessageDeflate{Threshold: -1, Level: 9}, true, true, true, false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, &engineio.Options{PerMessageDeflate: tt.o}, echo, func(t *testing.T, s *site) {
				w, p := s.openDeflate()
				plain, _, q := s.openWebSocket()
				for _, m := range []struct {
					p    *packet.Prepared
					want bool
				}{
					{text(long[:1023]), tt.at1023},
					{text(long[:1024]), tt.at1024},
					{message(true, []byte(long)), tt.binary},
					{uncompressed(text(long)), tt.asked},
					{uncompressed(message(true, []byte(long))), tt.asked},
					{text(long[:300]), tt.short},
					{text(""), tt.empty},
				} {
					want := string(m.p.AppendRecord(nil))
					if m.p.Binary {
						want = string(m.p.Data)
					}
					p.Send(m.p)
					q.Send(m.p)
					if compressed, got := w.message(); got != want || compressed != m.want {
						t.Errorf("%.40q of %d bytes, compressed %v; want %.40q of %d, %v", got, len(got), compressed, want, len(want), m.want)
					}
					if compressed, got := plain.message(); got != want || compressed {
						t.Errorf("without the extension: %.40q, compressed %v", got, compressed)
					}
				}
			})
		})
	}
}

// What a client compresses is inflated; what is wrong with it ends its session, and only that.
func TestInflatedMessages(t *testing.T) {
	o := &engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}, MaxPayload: 10_000}
	bubble(t, o, nil, func(t *testing.T, s *site) {
		w, p := s.openDeflate()
		long := strings.Repeat("a", 9_999)
		w.write(maskedFrame(0xc1, squeeze("4"+long)))
		if m := <-p.messages; data(m) != long || m.Binary {
			t.Errorf("got %d bytes", len(m.Data))
		}
		w.write(maskedFrame(0xc2, squeeze(long+"b")))
		if m := <-p.messages; data(m) != long+"b" || !m.Binary {
			t.Errorf("got %d bytes", len(m.Data))
		}
		for name, tt := range map[string]struct {
			frame []byte
			code  int
		}{
			"one byte too long":       {maskedFrame(0xc1, squeeze("4"+long+"b")), 1009},
			"a bomb":                  {maskedFrame(0xc1, strings.Repeat(squeeze(strings.Repeat("\x00", 10<<10))+"\x00\x00\xff\xff", 100)), 1009},
			"noise":                   {maskedFrame(0xc1, "\xff\xff\xff"), 1007},
			"invalid UTF-8":           {maskedFrame(0xc1, squeeze("4\xff")), 1007},
			"RSV1 on a ping":          {maskedFrame(0xc9, squeeze("a")), 1002},
			"RSV1 on a continuation":  {append(maskedFrame(0x41, squeeze("4a")), maskedFrame(0xc0, "")...), 1002},
			"RSV2":                    {maskedFrame(0xa1, "4a"), 1002},
			"RSV1 without being told": {maskedFrame(0xc1, squeeze("4a")), 1002},
		} {
			v, q := s.openDeflate()
			if name == "RSV1 without being told" {
				v.nc.Close()
				<-q.closed
				v, _, q = s.openWebSocket()
			}
			v.write(tt.frame)
			v.wantClose(tt.code)
			if e := <-q.closed; e.reason != engineio.TransportError || e.err == nil {
				t.Errorf("%s: closed %v", name, e)
			}
			if len(q.messages) != 0 {
				t.Errorf("%s: a message came through", name)
			}
		}
		w.send("4still here")
		if m := <-p.messages; data(m) != "still here" {
			t.Errorf("got %q", m.Data)
		}
	})
}

// The extension is off by default, whatever a client offers, and an offer makes no difference then.
func TestPerMessageDeflateIsOff(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		w, res := s.request("EIO=4&transport=websocket", offer, "")
		if got := res.Header["Sec-Websocket-Extensions"]; res.StatusCode != 101 || got != nil {
			t.Fatalf("%s, extensions %q", res.Status, got)
		}
		parseOpen(t, w.text())
		w.send("4" + strings.Repeat("a", 5000))
		w.wantText("4" + strings.Repeat("a", 5000))
	})
}

// Peers that get a message in different forms may each have a part of a frame on the wire: what they read is whole.
func TestSlowPeersOfBothForms(t *testing.T) {
	s := loopback(t, &engineio.Options{
		PerMessageDeflate: &engineio.PerMessageDeflate{Level: 1}, OutboxBytes: 1 << 30, OutboxPackets: 1 << 20,
		PingInterval: time.Hour, WriteTimeout: time.Hour, // on a busy machine a ping would come in between
	}, ignore)
	random := rand.New(rand.NewPCG(1, 2))
	var all []*packet.Prepared
	for i := range 100 {
		b := make([]byte, 1+random.IntN(100_000))
		for k := range b {
			b[k] = "abcd"[random.IntN(4)] // compresses to a quarter
		}
		p := message(i%3 == 0, append([]byte(fmt.Sprint(i, ":")), b...))
		p.NoCompress = i%7 == 0
		all = append(all, p)
	}
	var readers sync.WaitGroup
	for i := range 4 {
		open := func() (*wsClient, *peer) { w, _, p := s.openWebSocket(); return w, p }
		if i%2 == 0 {
			open = s.openDeflate
		}
		w, p := open()
		w.nc.(*net.TCPConn).SetReadBuffer(64 << 10)
		for _, m := range all {
			if err := p.Send(m); err != nil {
				t.Fatal(err)
			}
		}
		readers.Go(func() {
			for n, m := range all {
				want := string(m.Data)
				if !m.Binary {
					want = "4" + want
				}
				compressed, got := w.message()
				if got != want {
					t.Errorf("message %d of peer %d: %.20q of %d bytes, want %.20q of %d", n, i, got, len(got), want, len(want))
					return
				}
				if compressed != (i%2 == 0 && !m.NoCompress && len(m.Data) >= 1024) {
					t.Errorf("message %d of peer %d: compressed %v", n, i, compressed)
				}
			}
		})
	}
	readers.Wait()
}

// unpack gives the body as it was before it was compressed.
func unpack(t testing.TB, a answer) string {
	t.Helper()
	var r io.Reader = strings.NewReader(a.body)
	var err error
	switch a.header.Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		r, err = zlib.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A polling response is compressed as the client likes best, if it is long enough and something in it may be.
func TestHTTPCompression(t *testing.T) {
	long := strings.Repeat("a", 1023) // 1,024 with its type
	some := func(s ...string) (ps []*packet.Prepared) {
		for _, s := range s {
			ps = append(ps, text(s))
		}
		return ps
	}
	for _, tt := range []struct {
		name, accept string
		o            *engineio.HTTPCompression
		send         []*packet.Prepared
		want         string
	}{
		{"gzip", "gzip, deflate", nil, some(long), "gzip"},
		{"deflate", "deflate", nil, some(long), "deflate"},
		{"liked better", "gzip;q=0.5, deflate", nil, some(long), "deflate"},
		{"refused", "gzip;q=0, deflate;q=0", nil, some(long), ""},
		{"something else", "br, zstd, identity", nil, some(long), ""},
		{"not a word", "-", nil, some(long), ""},
		{"below the threshold", "gzip", nil, some(long[1:]), ""},
		{"above it together", "gzip", nil, some(long[:512], long[:512]), "gzip"},
		{"not asked for", "gzip", nil, []*packet.Prepared{uncompressed(text(long))}, ""},
		{"asked for by one", "gzip", nil, []*packet.Prepared{uncompressed(text(long)), text("a")}, "gzip"},
		{"binary", "gzip", nil, []*packet.Prepared{message(true, []byte(long))}, "gzip"},
		{"another threshold", "gzip", &engineio.HTTPCompression{Threshold: 100, Level: 1}, some(long[:200]), "gzip"},
		{"without one", "gzip", &engineio.HTTPCompression{Threshold: -1}, some(long[:300]), "gzip"},
		{"but it does not pay", "gzip", &engineio.HTTPCompression{Threshold: -1}, some("a"), ""},
		{"off", "gzip", &engineio.HTTPCompression{Off: true}, some(long), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, &engineio.Options{HTTPCompression: tt.o}, nil, func(t *testing.T, s *site) {
				s.client.Transport.(*http.Transport).DisableCompression = true
				q, p := s.openPolling()
				p.Send(tt.send...)
				var header []string
				if tt.accept != "-" {
					header = []string{"Accept-Encoding", tt.accept}
				}
				a := s.do("GET", q, "", header...)
				var records [][]byte
				for _, p := range tt.send {
					records = append(records, p.AppendRecord(nil))
				}
				want := string(packet.AppendPayload(nil, records...))
				if got := a.header.Get("Content-Encoding"); a.status != 200 || got != tt.want || unpack(t, a) != want {
					t.Errorf("%d in %q: %.60q, want %q", a.status, got, a.body, tt.want)
				}
				if got := a.header.Get("Content-Length"); got != fmt.Sprint(len(a.body)) {
					t.Errorf("Content-Length %s for %d bytes", got, len(a.body))
				}
				if got := a.header.Get("Content-Type"); got != "text/plain; charset=UTF-8" {
					t.Errorf("Content-Type %s", got)
				}
			})
		})
	}
}

// Go's client asks for gzip by itself and never shows it.
func TestHTTPCompressionWithAClientOfGo(t *testing.T) {
	s := loopback(t, nil, echo)
	q, p := s.openPolling()
	r, _ := http.NewRequest("GET", "http://example.test/engine.io/?"+q, nil)
	p.Send(text(strings.Repeat("a", 5000)))
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || string(b) != "4"+strings.Repeat("a", 5000) || !res.Uncompressed {
		t.Errorf("%d bytes, uncompressed by the client %v, %v", len(b), res.Uncompressed, err)
	}
}

// A handshake's answer that is long for its initial packet is compressed too.
func TestHTTPCompressionOfAHandshake(t *testing.T) {
	o := &engineio.Options{InitialPacket: text(strings.Repeat("a", 2000))}
	bubble(t, o, nil, func(t *testing.T, s *site) {
		a := s.do("GET", "EIO=4&transport=polling", "", "Accept-Encoding", "gzip")
		if body := unpack(t, a); a.header.Get("Content-Encoding") != "gzip" || !strings.HasSuffix(body, "\x1e4"+strings.Repeat("a", 2000)) {
			t.Errorf("%v %.60q", a.header, body)
		}
	})
}
