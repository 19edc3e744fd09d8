package handover

import (
	"net"
	"os"
	"sync"
	"time"
)

// handed is a connection that has changed hands: what its former owner has read comes first.
type handed struct {
	net.Conn
	head []byte // Owned by the reader.
	once sync.Once
	done chan struct{} // closed by Close
}

func newHanded(c net.Conn, head []byte) *handed {
	return &handed{Conn: c, head: head, done: make(chan struct{})}
}

func (h *handed) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		if h.head = h.head[n:]; len(h.head) == 0 {
			h.head = nil // let go of the buffer
		}
		return n, nil
	}
	return h.Conn.Read(p)
}

// Close ends the connection. The former owner, who waits for done, may close it once more.
func (h *handed) Close() (err error) {
	h.once.Do(func() {
		err = h.Conn.Close()
		close(h.done)
	})
	return err
}

// buffered takes what the reader in front of a connection holds. A deadline that is over keeps it from reading on: what
// is still in the kernel stays there.
func buffered(c net.Conn) (all []byte, err error) {
	if err := c.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return nil, err
	}
	for buf := make([]byte, 4<<10); ; {
		n, err := c.Read(buf)
		all = append(all, buf[:n]...)
		switch {
		case os.IsTimeout(err):
			return all, c.SetReadDeadline(time.Time{})
		case err != nil:
			return nil, err
		}
	}
}
