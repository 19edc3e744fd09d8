package autobahn

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// peers are who the suite talks to: our server, and our client.
var peers = []struct {
	name string // in front of the number of a case
	echo func(*testing.T, websocket.Options) string
}{
	{"", echo},
	{"client ", echoClient},
}

// echoClient is echo with the roles changed: behind the address is a server that only passes frames on, with and without
// their mask, between a test and a client of ours. What the client hears from a server, and what it says, is so what the
// test says and hears.
func echoClient(t *testing.T, o websocket.Options) string {
	t.Helper()
	o.MaxMessage, o.MaxFragments = 64<<20, -1
	s := &stage{o: o, client: &http.Client{Transport: new(http.Transport)}}
	var err error
	if s.front, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if s.back, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.running.Go(func() {
		for {
			nc, err := s.front.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() {
				if err := s.stand(nc.(*net.TCPConn)); err != nil {
					t.Errorf("the server in between: %v", err)
				}
			})
		}
	})
	t.Cleanup(func() {
		s.front.Close()
		s.back.Close()
		s.running.Wait()
	})
	return s.front.Addr().String()
}

// stage is where tests and clients meet.
type stage struct {
	o           websocket.Options
	client      *http.Client
	front, back net.Listener
	running     sync.WaitGroup
	mu          sync.Mutex // held from a client's call until it is taken
}

// agreement is what is agreed on when a test offers compression: the client's offer, to the letter.
const agreement = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// stand has a client of its own for a test, and goes between them.
func (s *stage) stand(test *net.TCPConn) error {
	defer test.Close()
	in := bufio.NewReader(test)
	r, err := http.ReadRequest(in)
	if err != nil {
		return err
	}
	o := s.o
	if r.Header.Get("Sec-WebSocket-Extensions") == "" {
		o.Deflate = nil
	}
	s.mu.Lock()
	s.running.Go(func() { s.echo(&o) })
	nc, err := s.back.Accept()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	client := nc.(*net.TCPConn)
	defer client.Close()
	out := bufio.NewReader(client)
	q, err := http.ReadRequest(out)
	if err != nil {
		return err
	}
	if offer := q.Header.Get("Sec-WebSocket-Extensions"); (offer != "") != (o.Deflate != nil) {
		return fmt.Errorf("the client offers %q", offer)
	}
	for nc, r := range map[net.Conn]*http.Request{client: q, test: r} {
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		head := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n"
		if o.Deflate != nil {
			head += "Sec-WebSocket-Extensions: " + agreement + "\r\n"
		}
		if _, err := io.WriteString(nc, head+"\r\n"); err != nil {
			return err
		}
	}
	// Who has said goodbye and heard it is hung up on by the server. What still comes is nobody's.
	var goodbyes sync.WaitGroup
	goodbyes.Add(2)
	var pumps sync.WaitGroup
	pump := func(dst *net.TCPConn, src *bufio.Reader) {
		said := sync.OnceFunc(goodbyes.Done)
		defer said()
		unmask(dst, src, said) // an error is the end of one of the two
		dst.CloseWrite()
		io.Copy(io.Discard, src)
	}
	pumps.Go(func() { pump(client, in) })
	pumps.Go(func() { pump(test, out) })
	goodbyes.Wait()
	client.CloseWrite()
	test.CloseWrite()
	pumps.Wait()
	return nil
}

// echo is the client.
func (s *stage) echo(o *websocket.Options) {
	c, err := websocket.DialConn(context.Background(), s.client, "http://"+s.back.Addr().String(), nil, o)
	for err == nil {
		var kind bool
		var data []byte
		if kind, data, err = c.Read(); err == nil {
			err = c.Write(kind, data)
		}
	}
	if c != nil {
		c.CloseNow()
	}
}

var errUnmasked = errors.New("a frame without a mask")

// unmask passes frames on without their mask, as their octets come. It calls closed behind a close frame.
func unmask(dst io.Writer, src *bufio.Reader, closed func()) error {
	buffer := make([]byte, 64<<10)
	for {
		head, n, err := header(src)
		if err != nil {
			return err
		}
		var key [4]byte
		if _, err := io.ReadFull(src, key[:]); err != nil {
			return err
		}
		if _, err := dst.Write(head); err != nil {
			return err
		}
		for at := uint64(0); at < n; {
			k, err := src.Read(buffer[:min(n-at, uint64(len(buffer)))])
			for i := range buffer[:k] {
				buffer[i] ^= key[(at+uint64(i))&3]
			}
			if _, werr := dst.Write(buffer[:k]); err != nil || werr != nil {
				return errors.Join(err, werr)
			}
			at += uint64(k)
		}
		if head[0]&0x0f == 8 {
			closed()
		}
	}
}

// header reads the header of a frame, up to its mask, and gives it without the bit that announces one.
func header(src *bufio.Reader) (head []byte, n uint64, err error) {
	head = make([]byte, 2, 10)
	if _, err := io.ReadFull(src, head); err != nil {
		return nil, 0, err
	}
	if head[1]&0x80 == 0 {
		return nil, 0, errUnmasked
	}
	head[1] &^= 0x80
	switch n = uint64(head[1]); n {
	case 126:
		head = head[:4]
		_, err = io.ReadFull(src, head[2:])
		n = uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		head = head[:10]
		_, err = io.ReadFull(src, head[2:])
		n = binary.BigEndian.Uint64(head[2:])
	}
	return head, n, err
}
