package websocket

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// Dial opens a WebSocket connection to u, whose scheme is http or https, with the request headers given. The client's
// cookies, proxy, TLS settings and dialer are used; its Timeout is not, as ctx limits the handshake. Messages are written as the server
// understands them. On error the status
// is that of the response, or 0 if there was none (RFC 6455 section 4.1).
func Dial(ctx context.Context, client *http.Client, u string, header http.Header, peer transport.Peer, o *Options) (t *Transport, status int, err error) {
	t = &Transport{peer: peer}
	if status, err = t.dial(ctx, client, u, header, o); err != nil {
		return nil, status, err
	}
	return t, status, nil
}

// DialConn is Dial for a connection that is read and written one message at a time, with text and binary of any kind.
func DialConn(ctx context.Context, client *http.Client, u string, header http.Header, o *Options) (*Conn, error) {
	c := new(Conn)
	if _, err := c.dial(ctx, client, u, header, o.WithDefaults()); err != nil {
		return nil, err
	}
	return c, nil
}

// dial makes the link of a client.
func (l *link) dial(ctx context.Context, client *http.Client, u string, header http.Header, o *Options) (status int, err error) {
	key := make([]byte, 16)
	rand.Read(key)
	var nc net.Conn
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { nc = i.Conn },
	})
	r, err := http.NewRequestWithContext(traced, http.MethodGet, u, nil)
	if err != nil {
		return 0, err
	}
	if header != nil {
		r.Header = header.Clone()
	}
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key))
	if o.Deflate != nil {
		r.Header.Set("Sec-WebSocket-Extensions", fresh)
	}

	c := *client
	c.Timeout = 0
	res, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	deflate, err := agreed(res, r)
	if err != nil {
		res.Body.Close()
		return res.StatusCode, err
	}
	if nc == nil {
		res.Body.Close()
		return res.StatusCode, errors.New("websocket: the client's transport does not show its connection")
	}
	early, err := buffered(nc, res)
	if err != nil {
		nc.Close()
		return res.StatusCode, err
	}
	l.decoder.client, l.decoder.deflate = true, deflate
	l.start(nc, early, o)
	return res.StatusCode, nil
}

// agreed checks the server's half of the handshake (RFC 6455 section 4.1), and reports whether it agreed to
// permessage-deflate.
func agreed(res *http.Response, r *http.Request) (deflate bool, err error) {
	h := res.Header
	switch {
	case res.StatusCode != http.StatusSwitchingProtocols:
		return false, fmt.Errorf("websocket: unexpected server response: %d", res.StatusCode)
	case !hasToken(h["Connection"], "upgrade") || !hasToken(h["Upgrade"], "websocket"):
		return false, errors.New("websocket: the server's answer is no upgrade")
	case h.Get("Sec-WebSocket-Accept") != acceptKey(r.Header.Get("Sec-WebSocket-Key")):
		return false, errors.New("websocket: invalid Sec-WebSocket-Accept")
	}
	if p := h["Sec-Websocket-Protocol"]; len(p) > 1 || len(p) == 1 && !offers(r.Header["Sec-Websocket-Protocol"], p[0]) {
		return false, errors.New("websocket: the server speaks a subprotocol that was not offered")
	}
	answer := h["Sec-Websocket-Extensions"]
	switch {
	case len(answer) == 0:
		return false, nil
	case r.Header.Get("Sec-WebSocket-Extensions") == "":
		return false, errors.New("websocket: the server uses an extension that was not offered")
	case !answersOffer(answer):
		return false, errors.New("websocket: the server uses permessage-deflate as it was not offered")
	}
	return true, nil
}

// offers reports whether a subprotocol is one of those offered. They are compared as they are, unlike other tokens.
func offers(offered []string, protocol string) bool {
	for _, list := range offered {
		for p := range strings.SplitSeq(list, ",") {
			if strings.Trim(p, " \t") == protocol {
				return true
			}
		}
	}
	return false
}

func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + guid))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// buffered returns what the HTTP client has read beyond the response. Reading with a deadline in the past gives what is
// in its buffer, and not a byte more; then the connection is ours alone.
func buffered(nc net.Conn, res *http.Response) (early []byte, err error) {
	if err := nc.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return nil, err
	}
	chunk := make([]byte, 4<<10)
	for err == nil {
		var n int
		n, err = res.Body.Read(chunk)
		early = append(early, chunk[:n]...)
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, err
	}
	return early, nc.SetDeadline(time.Time{})
}
