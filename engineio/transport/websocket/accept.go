package websocket

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gobwas/httphead"
)

// IsUpgrade reports whether r asks for a WebSocket connection, rightly or not.
func IsUpgrade(r *http.Request) bool {
	return hasToken(r.Header["Connection"], "upgrade") && hasToken(r.Header["Upgrade"], "websocket")
}

// Check reports what is wrong with the handshake in r, or nil (RFC 6455 section 4.2.1).
func Check(r *http.Request) *HandshakeError { return CheckKeyed(r, r.Header["Sec-Websocket-Key"]) }

// CheckKeyed is Check for a handshake whose key does not stand in its header.
func CheckKeyed(r *http.Request, key []string) *HandshakeError {
	switch {
	case !r.ProtoAtLeast(1, 1):
		return &HandshakeError{http.StatusBadRequest, "HTTP version below 1.1"}
	case r.Method != http.MethodGet:
		return &HandshakeError{http.StatusBadRequest, "method is not GET"}
	case !IsUpgrade(r):
		return &HandshakeError{http.StatusBadRequest, "not an upgrade"}
	}
	if v := r.Header["Sec-Websocket-Version"]; len(v) != 1 || v[0] != "13" {
		return &HandshakeError{http.StatusUpgradeRequired, "version is not 13"}
	}
	if len(key) != 1 || !validKey(key[0]) {
		return &HandshakeError{http.StatusBadRequest, "bad key"}
	}
	return nil
}

// validKey reports whether k is the base64 of 16 bytes.
func validKey(k string) bool {
	var b [24]byte
	if len(k) > base64.StdEncoding.EncodedLen(len(b)) {
		return false
	}
	n, err := base64.StdEncoding.Decode(b[:], []byte(k))
	return err == nil && n == 16
}

// Accept makes a WebSocket connection of the request, and answers it. On error it has answered as well.
func Accept(w http.ResponseWriter, r *http.Request, o *Options) (*Conn, error) {
	if err := Check(r); err != nil {
		if err.Status == http.StatusUpgradeRequired {
			w.Header().Set("Sec-WebSocket-Version", "13")
		}
		http.Error(w, err.Reason, err.Status)
		return nil, err
	}
	c := new(Conn)
	response, err := c.upgrade(w, r, nil, o.WithDefaults())
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return nil, err
	}
	c.nc.SetWriteDeadline(time.Now().Add(c.o.WriteTimeout))
	if _, err := c.nc.Write(response); err != nil {
		c.nc.Close()
		return nil, err
	}
	return c, nil
}

// upgrade takes the connection out of the hands of net/http. The response is left to the caller to write. What the
// client sent right behind its request is kept: net/http may have read it already.
func (l *link) upgrade(w http.ResponseWriter, r *http.Request, header http.Header, o *Options) (response []byte, err error) {
	extensions := o.negotiate(r)
	response = appendResponse(make([]byte, 0, 144), r, r.Header["Sec-Websocket-Key"][0], header, extensions)
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	nc.SetDeadline(time.Time{}) // those of the HTTP server
	var early []byte
	if n := rw.Reader.Buffered(); n > 0 {
		b, _ := rw.Reader.Peek(n)
		early = bytes.Clone(b)
	}
	if inside, ok := nc.(bare); ok { // a connection of the kernel can do more than what is around it
		var rest []byte
		nc, rest = inside.Bare()
		early = append(early, rest...)
	}
	l.start(nc, early, o)
	l.decoder.deflate = extensions != ""
	return response, nil
}

// bare is a connection with nothing around another one but bytes that come before it.
type bare interface{ Bare() (net.Conn, []byte) }

// guid is what both sides add to the key (RFC 6455 section 1.3).
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// appendResponse appends the response to a good handshake (RFC 6455 section 4.2.2).
func appendResponse(dst []byte, r *http.Request, key string, header http.Header, extensions string) []byte {
	sum := sha1.Sum([]byte(key + guid))
	dst = append(dst, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	dst = base64.StdEncoding.AppendEncode(dst, sum[:])
	dst = append(dst, "\r\n"...)
	if p := firstProtocol(r); p != "" {
		dst = append(append(append(dst, "Sec-WebSocket-Protocol: "...), p...), "\r\n"...)
	}
	if extensions != "" {
		dst = append(append(append(dst, "Sec-WebSocket-Extensions: "...), extensions...), "\r\n"...)
	}
	if len(header) > 0 {
		b := bytes.NewBuffer(dst)
		header.Write(b)
		dst = b.Bytes()
	}
	return append(dst, "\r\n"...)
}

// firstProtocol is the subprotocol that the client would like most. It is always agreed to, as the reference does: to
// Engine.IO it means nothing, but some clients give up when none is chosen.
func firstProtocol(r *http.Request) string {
	p, _, _ := strings.Cut(r.Header.Get("Sec-Websocket-Protocol"), ",")
	p = strings.Trim(p, " \t")
	for i := range len(p) {
		if c := p[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return ""
		}
	}
	return p
}

// hasToken reports whether one of the header values, each a list, has the token.
func hasToken(values []string, token string) (found bool) {
	for _, v := range values {
		if strings.EqualFold(v, token) { // as most clients write it
			return true
		}
		httphead.ScanTokens([]byte(v), func(t []byte) bool {
			found = found || strings.EqualFold(string(t), token)
			return !found
		})
	}
	return found
}
