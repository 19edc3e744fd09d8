package hostile

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/socketio-go/socketio/test/raw"
)

const (
	handshake = `0{"sid":"abc","upgrades":[],"pingInterval":900000,"pingTimeout":20000,"maxPayload":1000000}`
	welcome   = `40{"sid":"xyz"}`
)

// peer is the server's end of a WebSocket connection. It says what a test tells it to, and checks nothing.
type peer struct {
	net.Conn
	in *bufio.Reader
}

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" // RFC 6455, section 1.3

// upgrade answers the handshake of WebSocket, with an accept key that is made of that text.
func upgrade(w http.ResponseWriter, r *http.Request, guid string) (*peer, error) {
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + guid))
	fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	return &peer{nc, rw.Reader}, nil
}

// frame is a frame of a server; first is its first byte.
func frame(first byte, payload string) string {
	return string(raw.AppendHeader(nil, first, 0, uint64(len(payload)))) + payload
}

// send sends messages of text. Whether they arrive shows in what the client does.
func (p *peer) send(texts ...string) {
	for _, s := range texts {
		io.WriteString(p, frame(raw.Text, s))
	}
}

// sendBytes sends a binary message.
func (p *peer) sendBytes(data string) { io.WriteString(p, frame(raw.Binary, data)) }

// expect reads up to the message that begins so. It reports whether one came.
func (p *peer) expect(prefix string) bool {
	for {
		text, err := p.read()
		if err != nil {
			return false
		}
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
}

// wait reads until the client has gone.
func (p *peer) wait() { p.expect("\x00never") }

// connected plays a server up to the answer to CONNECT.
func (p *peer) connected() {
	p.send(handshake)
	p.expect("40")
	p.send(welcome)
}

// after sends an event that shows that the client lives.
func (p *peer) after() {
	p.send(`42["after",1]`)
	p.wait()
}

// read reads the payload of a client's frame.
func (p *peer) read() (string, error) {
	var head [8]byte
	if _, err := io.ReadFull(p.in, head[:2]); err != nil {
		return "", err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		if _, err := io.ReadFull(p.in, head[:2]); err != nil {
			return "", err
		}
		n = uint64(binary.BigEndian.Uint16(head[:2]))
	case 127:
		if _, err := io.ReadFull(p.in, head[:8]); err != nil {
			return "", err
		}
		n = binary.BigEndian.Uint64(head[:8])
	}
	data := make([]byte, 4+min(n, 1<<20))
	if _, err := io.ReadFull(p.in, data); err != nil {
		return "", err
	}
	mask, payload := data[:4], data[4:]
	for i := range payload {
		payload[i] ^= mask[i&3]
	}
	return string(payload), nil
}

// talk is a server that plays a part over WebSocket.
func talk(play func(p *peer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, err := upgrade(w, r, guid)
		if err != nil {
			return
		}
		defer p.Close()
		play(p)
	}
}
