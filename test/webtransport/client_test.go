package webtransport

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	library "github.com/quic-go/webtransport-go"
)

// client is a WebTransport client that writes bytes, right or wrong.
type client struct {
	t       testing.TB
	session *library.Session
	stream  *library.Stream
}

// clientTLS trusts whatever certificate there is: the tests are about what comes after it.
func clientTLS() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h3"}}
}

func clientQUIC() *quic.Config {
	return &quic.Config{EnableDatagrams: true, EnableStreamResetPartialDelivery: true}
}

// dial opens a WebTransport session, without a stream.
func (s *site) dial(header http.Header) (*client, *http.Response, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	d := &library.Transport{TLSClientConfig: clientTLS(), QUICConfig: clientQUIC()}
	res, session, err := d.Dial(ctx, s.target, header)
	if err != nil {
		return nil, res, err
	}
	s.t.Cleanup(func() { session.CloseWithError(0, "") })
	return &client{t: s.t, session: session}, res, nil
}

// session opens a WebTransport session, and its stream; nothing is sent yet.
func (s *site) session() *client {
	s.t.Helper()
	c, _, err := s.dial(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c.open()
	return c
}

// open opens a stream. The server hears of it with the first byte.
func (c *client) open() {
	c.t.Helper()
	var err error
	if c.stream, err = c.session.OpenStreamSync(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// connect opens a session of Engine.IO.
func (s *site) connect() (*client, handshake, *peer) {
	s.t.Helper()
	c := s.session()
	c.send("0")
	return c, parseOpen(s.t, c.text()), s.next()
}

// upgrade asks to take over a session of Engine.IO.
func (s *site) upgrade(sid string) *client {
	s.t.Helper()
	c := s.session()
	c.send(`0{"sid":"` + sid + `"}`)
	return c
}

func (c *client) write(b []byte) {
	c.t.Helper()
	if _, err := c.stream.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

// frame puts the length in front, in as few bytes as it needs.
func frame(isBinary bool, data []byte) []byte {
	var b []byte
	switch n := len(data); {
	case n < 126:
		b = []byte{byte(n)}
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16([]byte{126}, uint16(n))
	default:
		b = binary.BigEndian.AppendUint64([]byte{127}, uint64(n))
	}
	if isBinary {
		b[0] |= 0x80
	}
	return append(b, data...)
}

func (c *client) send(text string)    { c.t.Helper(); c.write(frame(false, []byte(text))) }
func (c *client) sendBinary(b []byte) { c.t.Helper(); c.write(frame(true, b)) }

// next reads a frame. The length must be written in as few bytes as it needs.
func (c *client) next() (isBinary bool, data []byte, err error) {
	c.stream.SetReadDeadline(time.Now().Add(patience))
	var head [9]byte
	if _, err := io.ReadFull(c.stream, head[:1]); err != nil {
		return false, nil, err
	}
	isBinary = head[0]&0x80 != 0
	n, least := uint64(head[0]&0x7f), uint64(1)
	switch n {
	case 126:
		_, err = io.ReadFull(c.stream, head[:2])
		n, least = uint64(binary.BigEndian.Uint16(head[:])), 126
	case 127:
		_, err = io.ReadFull(c.stream, head[:8])
		n, least = binary.BigEndian.Uint64(head[:]), 1<<16
	}
	if err == nil && n < least {
		err = fmt.Errorf("length %d written in too many bytes, or none", n)
	}
	if err != nil {
		return false, nil, err
	}
	data = make([]byte, n)
	_, err = io.ReadFull(c.stream, data)
	return isBinary, data, err
}

// text reads a text packet.
func (c *client) text() string {
	c.t.Helper()
	isBinary, data, err := c.next()
	if err != nil || isBinary {
		c.t.Fatalf("binary %v %q %v, want a text", isBinary, data, err)
	}
	return string(data)
}

// wantText fails unless the next packet is the text.
func (c *client) wantText(want string) {
	c.t.Helper()
	if got := c.text(); got != want {
		c.t.Fatalf("got %.100q, want %.100q", got, want)
	}
}

// wantEnd fails unless the server closes the session, as the protocol has it: with code 0.
func (c *client) wantEnd() {
	c.t.Helper()
	select {
	case <-c.session.Context().Done():
	case <-time.After(patience):
		c.t.Fatal("the session lives on")
	}
	_, err := c.session.AcceptStream(c.t.Context())
	var end *library.SessionError
	if !errors.As(err, &end) || !end.Remote || end.ErrorCode != 0 {
		c.t.Fatalf("the session ended with %v, want a close with code 0", err)
	}
}
