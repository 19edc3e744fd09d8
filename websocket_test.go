package socketio_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/engineio/packet"
)

// webSocket is a WebSocket link, with just enough of RFC 6455 for a client that is well-behaved.
type webSocket struct {
	conn net.Conn
	in   *bufio.Reader
	mu   sync.Mutex // one writer at a time
}

func openWebSocket(t testing.TB, conn net.Conn, uri string, header http.Header) *webSocket {
	t.Helper()
	var h strings.Builder
	header.Write(&h)
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", uri, h.String())
	l := &webSocket{conn: conn, in: bufio.NewReader(conn)}
	res, err := http.ReadResponse(l.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("handshake: %s", res.Status)
	}
	ps, err := l.read()
	if err != nil || ps[0].Type != packet.Open {
		t.Fatalf("handshake: %v, %v", ps, err)
	}
	return l
}

func (l *webSocket) write(ps ...packet.Packet) error {
	var segment []byte
	for _, p := range ps {
		opcode, payload := byte(1), p.Data
		if p.Binary {
			opcode = 2
		} else {
			payload = p.AppendRecord(nil)
		}
		segment = appendFrame(segment, opcode, payload)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.conn.Write(segment)
	return err
}

// appendFrame appends a masked frame; the mask is zero, so that the payload reads as it is.
func appendFrame(dst []byte, opcode byte, payload []byte) []byte {
	dst = append(dst, 0x80|opcode)
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, 0x80|byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 0x80|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 0x80|127), uint64(n))
	}
	dst = append(dst, 0, 0, 0, 0)
	return append(dst, payload...)
}

func (l *webSocket) read() ([]packet.Packet, error) {
	for {
		opcode, payload, err := l.frame()
		switch {
		case err != nil:
			return nil, err
		case opcode == 1:
			p, err := packet.Parse(payload)
			return []packet.Packet{p}, err
		case opcode == 2:
			return []packet.Packet{{Type: packet.Message, Binary: true, Data: payload}}, nil
		case opcode == 8:
			return nil, io.EOF
		}
	}
}

func (l *webSocket) frame() (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(l.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(l.in, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(l.in, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(l.in, payload)
	return head[0] & 0x0f, payload, err
}

func (l *webSocket) close() { l.conn.Close() }
