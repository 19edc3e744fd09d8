package raw

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// webSocket is the wire of a Peer over WebSocket.
type webSocket struct{ conn *Conn }

var _ wire = (*webSocket)(nil)

// dialWebSocket connects and completes the handshake for target.
func dialWebSocket(addr, target string) (*webSocket, error) {
	c, err := Dial(addr)
	if err != nil {
		return nil, err
	}
	w := &webSocket{c}
	if err := w.handshake(target); err != nil {
		c.Close()
		return nil, err
	}
	return w, nil
}

func (w *webSocket) handshake(target string) error {
	if err := w.conn.Send(Handshake(target)); err != nil {
		return err
	}
	return w.conn.Switched()
}

// Switched reads the response to a WebSocket handshake and checks that it is a correct 101.
func (c *Conn) Switched() error {
	r, err := c.Response()
	if err != nil {
		return err
	}
	if r.Status != 101 {
		return fmt.Errorf("handshake answered by %d %.200q", r.Status, r.Body)
	}
	if got := r.Header.Get("Sec-WebSocket-Accept"); got != Accept {
		return fmt.Errorf("Sec-WebSocket-Accept is %q; want %q", got, Accept)
	}
	return nil
}

func (w *webSocket) read() ([]record, error) {
	for {
		f, err := w.conn.Frame()
		if errors.Is(err, io.EOF) {
			return nil, ErrClosed
		}
		if err != nil {
			return nil, err
		}
		switch f.First {
		case Text:
			return []record{text(string(f.Payload))}, nil
		case Binary:
			return []record{{binary: f.Payload}}, nil
		case Close:
			return nil, fmt.Errorf("%w with code %d", ErrClosed, f.Code())
		case Ping:
			if err := w.conn.Send(AppendFrame(nil, Pong, f.Payload)); err != nil {
				return nil, err
			}
		case Pong:
		default:
			return nil, fmt.Errorf("a frame that begins with %#02x", f.First)
		}
	}
}

func (w *webSocket) write(records []record) error {
	var b bytes.Buffer
	for _, r := range records {
		if r.binary != nil {
			b.Write(AppendFrame(nil, Binary, r.binary))
		} else {
			b.Write(AppendFrame(nil, Text, []byte(r.text)))
		}
	}
	return w.conn.Send(b.Bytes())
}

func (w *webSocket) close(reset bool) {
	if reset {
		w.conn.Reset()
		return
	}
	w.conn.Send(AppendFrame(nil, Close, []byte{0x03, 0xe8}))
	w.conn.Close()
}
