package polling

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/internal/deflate"
)

// Line is the connection of a GET that no goroutine waits with: who has something for the client writes the response.
type Line interface {
	// AppendHead appends the status line of a response with status 200 and the headers before Content-Encoding, AppendEnd
	// those behind Content-Type and the end of the head.
	AppendHead(dst []byte) []byte
	AppendEnd(dst []byte) []byte
	// Coding is the coding of content that the client likes best.
	Coding() deflate.Coding

	// Send writes what the connection takes of p now. Drain writes all of it; it blocks, within the timeout.
	Send(p []byte) (n int, err error)
	Drain(p []byte, timeout time.Duration) error
	// Go runs f on a goroutine that somebody waits for.
	Go(f func())
	// Done says that the response is out, or why not. It is called once for each GET, last.
	Done(err error)
}

// ErrOdd is why a request that came by a line is none for it: nothing has happened, and [Transport.Serve] knows the answer.
var ErrOdd = errors.New("polling: not an ordinary request")

// Wait lets a GET wait that came by a line, for a client of protocol 4 that is not about to move. It is answered at once if
// there is something for it.
func (t *Transport) Wait(l Line) error {
	t.mu.Lock()
	if t.closed || t.waiting.there() {
		t.mu.Unlock()
		return ErrOdd
	}
	t.waiting, t.moving = get{line: l}, false
	t.mu.Unlock()
	t.sink.Flush(t)
	return nil
}

// Gone says that the client has gone which let a GET wait on l. It reports whether that is forgotten; else its response is
// being written.
func (t *Transport) Gone(l Line) (forgotten bool) {
	if !t.withdraw(get{line: l}) {
		return false
	}
	t.fail(packet.Close, transport.Failed, ErrPremature)
	return true
}

// responses are buffers for what is written at once.
var responses = sync.Pool{New: func() any { return new(response) }}

type response struct{ bytes []byte }

const (
	responseHead = 512     // about what a head takes
	responseMost = 8 << 10 // larger bodies are left to a goroutine, which may wait
)

// write writes the response that carries batch.
func (t *Transport) write(l Line, batch []*packet.Prepared) {
	size := len(batch) - 1
	for _, p := range batch {
		size += p.RecordLen()
	}
	coding := deflate.Identity
	if t.o.Compression.pays(batch, size) {
		coding = l.Coding()
	}
	if size > responseMost || coding != deflate.Identity {
		for _, p := range batch {
			p.Keep()
		}
		batch = append([]*packet.Prepared(nil), batch...)
		l.Go(func() {
			body, coding := t.o.Compression.body(payload(batch), coding)
			b := appendHead(make([]byte, 0, responseHead+len(body)), l, coding, len(body))
			t.wrote(l, l.Drain(append(b, body...), t.o.WriteTimeout))
		})
		return
	}
	r := responses.Get().(*response)
	b := appendHead(r.bytes[:0], l, deflate.Identity, size)
	for i, p := range batch {
		if i > 0 {
			b = append(b, separator)
		}
		if p.Single {
			b = p.AppendRecord(b)
		} else {
			b = append(b, p.Form(packet.Record, record)...)
		}
	}
	r.bytes = b
	n, err := l.Send(b)
	if rest := bytes.Clone(b[n:]); len(rest) > 0 && err == nil {
		l.Go(func() { t.wrote(l, l.Drain(rest, t.o.WriteTimeout)) })
	} else {
		t.wrote(l, err)
	}
	responses.Put(r)
}

// wrote is told that the response on l is out, or why not.
func (t *Transport) wrote(l Line, err error) {
	l.Done(err)
	t.responded(err)
}

// appendHead appends the head of a response with a payload.
func appendHead(b []byte, l Line, coding deflate.Coding, length int) []byte {
	b = l.AppendHead(b)
	if coding != deflate.Identity {
		b = append(append(append(b, "Content-Encoding: "...), coding...), "\r\n"...)
	}
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, int64(length), 10)
	b = append(b, "\r\nContent-Type: text/plain; charset=UTF-8\r\n"...)
	return l.AppendEnd(b)
}

// Upload is a POST that came by a line.
type Upload interface {
	Length() int
	// Take is the whole body, if it has come. It belongs to the caller.
	Take() (body []byte, ok bool)
	// Stream is the body if it has not.
	Stream() Stream
	Header() http.Header
}

// Post delivers the packets of a POST of a client of protocol 4, whose body is text. It returns the status of the response, and whether nobody
// has read all of the body.
//
// The error is [ErrOdd], or one of those of [Transport.Serve] if the session ended while the body was under way, which comes
// with it.
func (t *Transport) Post(u Upload) (status int, unread bool, body []byte, err error) {
	if u.Length() > t.o.MaxPayload {
		return 0, false, nil, ErrOdd
	}
	t.mu.Lock()
	if t.closed || t.posting {
		t.mu.Unlock()
		return 0, false, nil, ErrOdd
	}
	t.posting = true
	t.mu.Unlock()
	defer func() { // also when a handler ends this goroutine
		t.mu.Lock()
		t.posting = false
		t.mu.Unlock()
	}()

	body, whole := u.Take()
	if !whole {
		if body, err = t.readBody(u.Stream(), u.Length()); err != nil {
			t.fail(packet.Close, transport.Failed, err)
			if errors.Is(err, ErrTooSlow) {
				return http.StatusRequestTimeout, true, nil, nil
			}
			return http.StatusBadRequest, true, nil, nil
		}
		if err := t.endedMeanwhile(); err != nil {
			return 0, false, body, err
		}
	}
	return t.hand(body, u.Header()), false, nil, nil
}
