package polling

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// data reads the packets that a POST brings.
func (t *Transport) data(w http.ResponseWriter, r *http.Request) error {
	t.mu.Lock()
	switch {
	case t.closed:
		defer t.mu.Unlock()
		return t.over()
	case t.posting:
		t.mu.Unlock()
		t.fail(packet.Close, transport.Failed, ErrDataOverlap)
		w.WriteHeader(http.StatusBadRequest)
		return nil
	}
	t.posting = true
	t.mu.Unlock()

	status, late := t.receive(w, r)

	// The client may send its next POST once it has read this answer, so that one is let in first.
	t.mu.Lock()
	t.posting = false
	t.mu.Unlock()
	if late != nil {
		return late
	}
	h := w.Header()
	setCommon(h, r)
	if status != http.StatusOK {
		w.WriteHeader(status)
		return nil
	}
	h["Content-Type"], h["Content-Length"] = html, two
	io.WriteString(w, "ok") // an error shows when the client does not come back
	return nil
}

// receive reads the body and delivers its packets. It returns the status of the response, or why the body came too late.
func (t *Transport) receive(w http.ResponseWriter, r *http.Request) (status int, late error) {
	if !t.peer.Protocol3 && isBinary(r.Header.Get("Content-Type")) {
		if r.ProtoMajor < 3 { // HTTP/3 has no such header
			w.Header().Set("Connection", "close") // the body is left unread
		}
		t.fail(packet.Close, transport.Failed, ErrContent) // protocol 3 has binary payloads, protocol 4 has none
		return http.StatusBadRequest, nil
	}
	body, err := t.readBody(httpBody{r.Body, http.NewResponseController(w)}, int(min(r.ContentLength, math.MaxInt32)))
	switch {
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge, nil // the session lives on, as with the reference
	case errors.Is(err, ErrTooSlow):
		t.fail(packet.Close, transport.Failed, err)
		return http.StatusRequestTimeout, nil
	case err != nil:
		t.fail(packet.Close, transport.Failed, err)
		return http.StatusBadRequest, nil
	}
	if err := t.endedMeanwhile(); err != nil {
		return 0, err
	}
	if t.peer.Protocol3 {
		return t.receive3(r, body), nil
	}
	return t.hand(body, r.Header), nil
}

// hand delivers the packets of a body. It returns the status of the response.
func (t *Transport) hand(body []byte, header http.Header) (status int) {
	// The loop knows its iterator, which so costs nothing (BenchmarkPolling).
	for p, err := range packet.SplitPayload(readable(body), packet.MaxRecords) {
		if status, more := t.take(header, len(body), p, err); !more {
			return status
		}
	}
	return http.StatusOK
}

// take delivers a packet of a body of size bytes, or ends the session for what is wrong with it. It returns the status of
// the response, and whether there may be more.
func (t *Transport) take(header http.Header, size int, p packet.Packet, err error) (status int, more bool) {
	switch {
	case err != nil:
		t.fail(packet.Close, transport.Unreadable, err)
		return http.StatusBadRequest, false
	case p.Type == packet.Close:
		t.leave()
		return http.StatusOK, false
	}
	p.Data = own(p.Data, size)
	return http.StatusOK, t.sink.Packet(t, p, header)
}

// endedMeanwhile is why a body that has come at last is not for this transport any more, or nil: the session ended, or
// moved on, while it was under way.
func (t *Transport) endedMeanwhile() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		return nil
	}
	return t.over()
}

// readable is a text with U+FFFD for what is not UTF-8, as the reference decodes it. What is relayed from here must be fit
// for a WebSocket text frame.
func readable(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, []byte("\uFFFD"))
}

// own copies the data of a packet out of a body that is much larger. The receiver may keep the data, and pays for its
// length alone: a small event in a large body must not keep all of it in memory.
func own(data []byte, body int) []byte {
	if len(data) >= body/2 {
		return data
	}
	return bytes.Clone(data)
}

func isBinary(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/octet-stream")
}

// overtaking is how long ago the latest GET must have been answered for the next one to be on its way beside a POST that
// closes the session. One that was answered a moment ago was itself sent beside that POST.
const overtaking = 100 * time.Millisecond

// leave ends the transport because the client closed the session.
func (t *Transport) leave() {
	t.mu.Lock()
	t.left = !t.closed
	t.owes = !t.waiting.there() && !t.responding && !t.closed && time.Since(time.Unix(0, t.answered)) > overtaking
	t.mu.Unlock()
	t.fail(packet.Noop, transport.Gone, nil)
}

var errTooLarge = errors.New("polling: body too large")

const (
	bodyTime  = 15 * time.Second // a body takes no longer than this in all
	bodyGrace = 5 * time.Second  // and after this time it must have come at bodyRate on average
	bodyRate  = 1 << 10          // bytes a second
	bodyFirst = 16 << 10         // how much is allocated on the word of the peer alone
)

// Stream is a body that is on its way.
type Stream interface {
	io.Reader
	SetReadDeadline(time.Time) error
}

// httpBody is the body of a request of net/http.
type httpBody struct {
	io.Reader
	*http.ResponseController
}

// readBody reads the body, counting while it streams. A body that is too large is given up at the byte that is too many.
// The length is what its head says; negative if that says nothing.
func (t *Transport) readBody(r Stream, length int) ([]byte, error) {
	limit := t.o.MaxPayload
	if length > limit {
		return nil, errTooLarge
	}
	first := bodyFirst
	if length >= 0 {
		// One byte more than needed: the end of the body is then seen without growing.
		first = min(length+1, bodyFirst)
	}
	start := time.Now()
	body := make([]byte, 0, first)
	for {
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
		r.SetReadDeadline(start.Add(min(bodyTime, bodyGrace+time.Duration(len(body))*time.Second/bodyRate)))
		n, err := r.Read(body[len(body):min(cap(body), limit+1)])
		body = body[:len(body)+n]
		switch {
		case len(body) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			// The handlers may take their time with what has come.
			r.SetReadDeadline(time.Time{})
			return body, nil
		case isTimeout(err):
			return nil, ErrTooSlow
		case err != nil:
			return nil, ErrDataBroken
		}
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
