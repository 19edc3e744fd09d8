package webtransport

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/quic-go/quicvarint"
)

// raw is a WebTransport session with nothing between the test and HTTP/3.
type raw struct {
	conn    *quic.Conn
	request *http3.RequestStream // capsules are its body
}

// rawConnect asks for a session.
func (s *site) rawConnect(t testing.TB) *raw {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := quic.DialAddr(ctx, s.wt.Addr().String(), clientTLS(), clientQUIC())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseWithError(0, "") })
	const webTransport, draft = 0x2c7cf000, 0x2b603742 // settings that say: I may
	h3 := &http3.Transport{EnableDatagrams: true, AdditionalSettings: map[uint64]uint64{webTransport: 1, draft: 1}}
	c := h3.NewClientConn(conn)
	request, err := c.OpenRequestStream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.target)
	if err != nil {
		t.Fatal(err)
	}
	err = request.SendRequestHeader(&http.Request{Method: http.MethodConnect, Proto: "webtransport", Host: u.Host, URL: u, Header: http.Header{}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := request.ReadResponse()
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", res, err)
	}
	return &raw{conn, request}
}

// accept opens a stream of the session.
func (r *raw) accept(t testing.TB) *quic.Stream {
	t.Helper()
	str, err := r.conn.OpenStream()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := str.Write(quicvarint.Append(quicvarint.Append(nil, 0x41), uint64(r.request.StreamID()))); err != nil {
		t.Fatal(err)
	}
	return str
}

// wantEnd fails unless the server ends the session.
func (r *raw) wantEnd(t testing.TB) {
	t.Helper()
	r.request.SetReadDeadline(time.Now().Add(cutWithin))
	var b [1024]byte
	for {
		if _, err := r.request.Read(b[:]); err != nil {
			if e, ok := err.(interface{ Timeout() bool }); ok && e.Timeout() {
				t.Fatal("the session lives on")
			}
			return
		}
	}
}
