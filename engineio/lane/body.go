package lane

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// Take returns the body of the request at hand if all of it has come, in memory of its own.
func (c *Conn) Take(h *Head) (body []byte, ok bool) {
	from := c.from + h.Size
	if h.Length > c.to-from {
		return nil, false
	}
	return bytes.Clone(c.b[from : from+h.Length]), true
}

// Body is the body of the request at hand, for when not all of it has come.
func (c *Conn) Body(h *Head) *Body {
	return &Body{c: c, chunk: c.b[c.from+h.Size : min(c.to, c.from+h.Size+h.Length)], left: h.Length}
}

// Body is the body of a request. It is read by the goroutine that has the request.
type Body struct {
	c     *Conn
	chunk []byte // came with the head
	left  int
}

// Read reads at least a byte, or returns [io.EOF].
func (b *Body) Read(p []byte) (n int, err error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), b.left)]
	if len(b.chunk) > 0 {
		n = copy(p, b.chunk)
		b.chunk = b.chunk[n:]
	} else {
		if n, err = b.c.readInto(p); err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
	}
	b.left -= n
	return n, err
}

// SetReadDeadline limits the reads that follow; the zero Time is no limit.
func (b *Body) SetReadDeadline(t time.Time) error {
	b.c.until = 0
	if !t.IsZero() {
		b.c.until = max(1, t.Sub(b.c.server.epoch))
	}
	return nil
}

// PassWith leaves the request at hand to net/http like [Pass], although its body has been read. The handler returns what it
// returns.
func (c *Conn) PassWith(h *Head, body []byte) Verdict {
	c.handOver(h, body)
	return Taken
}

// HandshakeFields appends the lines of the header, without that of the key.
func (h *Head) HandshakeFields(dst []byte) []byte {
	return append(append(dst, h.Fields[:h.key[0]]...), h.Fields[h.key[1]:]...)
}

// kept is the header of the latest request that asked for it. Most that come over one connection are the same but for the
// length of their body.
type kept struct {
	before, after string // the lines before and behind that of the length
	line          string // that one
	header        http.Header
}

// maxKept is how long a header may be, in bytes, to be kept while a connection has nothing to do.
const maxKept = 1 << 10

// Header is that of the request at hand, as net/http has it. It is shared by requests with the same one, and must not be
// changed.
func (c *Conn) Header(h *Head) http.Header {
	if len(h.Fields) > maxKept {
		return h.Header()
	}
	k := &c.headers
	before, line, after := h.Fields[:h.length[0]], h.Fields[h.length[0]:h.length[1]], h.Fields[h.length[1]:]
	switch {
	case k.header == nil || string(before) != k.before || string(after) != k.after:
		*k = kept{string(before), string(after), string(line), h.Header()}
	case string(line) != k.line:
		header := make(http.Header, len(k.header))
		for name, values := range k.header {
			header[name] = values
		}
		_, length, _ := field(line[:len(line)-2])
		header["Content-Length"] = []string{string(length)}
		k.line, k.header = string(line), header
	}
	return k.header
}
