package polling

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
	"github.com/socketio-go/socketio/internal/deflate"
)

// poll waits for the session to have something to send, and sends it.
func (t *Transport) poll(w http.ResponseWriter, r *http.Request, moving bool) error {
	p := make(parked, 1) // room for the one answer
	t.mu.Lock()
	switch {
	case t.closed && t.owes:
		t.owes, t.responding = false, true
		t.mu.Unlock()
		t.respond(w, r, []*packet.Prepared{final(t.last)})
		return nil
	case t.closed:
		defer t.mu.Unlock()
		return t.over()
	case t.waiting.there():
		t.mu.Unlock()
		t.fail(packet.Close, transport.Failed, ErrOverlap)
		w.WriteHeader(http.StatusBadRequest)
		return nil
	}
	t.waiting, t.moving = get{parked: p}, moving
	t.mu.Unlock()
	switch batch, ok := t.await(p, r, moving); {
	case !ok:
		t.fail(packet.Close, transport.Failed, ErrPremature)
	case batch == nil:
		return ErrMoved
	default:
		t.respond(w, r, batch)
	}
	return nil
}

// holdTime is for how long a GET that came while another transport was about to take over is not answered: it may be one
// that was sent behind the packet with which the client completes the upgrade, over another connection.
const holdTime = 5 * time.Millisecond

// parked is a GET whose goroutine waits for the batch; nil is a refusal.
type parked chan []*packet.Prepared

// await is the batch for the GET that waits with p; false means that its client has gone.
func (t *Transport) await(p parked, r *http.Request, moving bool) (batch []*packet.Prepared, ok bool) {
	var held <-chan time.Time
	if moving {
		held = time.After(holdTime)
	} else {
		t.sink.Flush(t)
	}
	for {
		select {
		case batch = <-p:
			return batch, true
		case <-held:
			t.sink.Flush(t)
		case <-r.Context().Done():
			if t.withdraw(get{parked: p}) {
				return nil, false
			}
			return <-p, true
		}
	}
}

// withdraw takes back a GET that has not been answered, and reports whether that was so.
func (t *Transport) withdraw(g get) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting != g {
		return false
	}
	t.waiting = get{}
	return true
}

// respond writes the answer to a GET.
func (t *Transport) respond(w http.ResponseWriter, r *http.Request, batch []*packet.Prepared) {
	t.responded(t.Respond(w, r, batch))
}

// responded is told that the answer to a GET is out, or why not. It lets the next GET, which may be waiting already, have
// its turn.
func (t *Transport) responded(err error) {
	t.mu.Lock()
	t.responding, t.answered = false, time.Now().UnixNano()
	next := t.waiting.there()
	if next && t.closed {
		t.finish()
	} else {
		t.mu.Unlock()
	}
	if err != nil {
		t.fail(packet.Close, transport.Failed, err)
		return
	}
	if next {
		t.sink.Flush(t)
	}
}

// Respond writes batch as the payload of one response, within the write timeout. It is what a handshake is answered with
// too.
func (t *Transport) Respond(w http.ResponseWriter, r *http.Request, batch []*packet.Prepared) error {
	body, contentType := t.encode(r, batch)
	h := w.Header()
	coding := t.o.Compression.coding(r.Header["Accept-Encoding"], batch, len(body))
	if body, coding = t.o.Compression.body(body, coding); coding != deflate.Identity {
		h["Content-Encoding"] = []string{string(coding)}
	}
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	setCommon(h, r)
	// The deadline replaces one that the HTTP server may have set when the request came, maybe long ago. Flush makes
	// sure that it is this deadline that counts: nothing is left to write when it is taken away again.
	rc := http.NewResponseController(w)
	rc.SetWriteDeadline(time.Now().Add(t.o.WriteTimeout))
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(body)
	if ferr := rc.Flush(); err == nil && !errors.Is(ferr, http.ErrNotSupported) {
		err = ferr
	}
	rc.SetWriteDeadline(time.Time{})
	return err
}

// encode is the payload of one response, as the peer understands it.
func (t *Transport) encode(r *http.Request, batch []*packet.Prepared) (body []byte, contentType []string) {
	if t.peer.Protocol3 {
		return t.encode3(r, batch)
	}
	return payload(batch), plainText
}

// payload joins the records of batch. A single record, as most payloads are, is not copied.
func payload(batch []*packet.Prepared) []byte {
	if len(batch) == 1 && !batch[0].Single {
		return batch[0].Form(packet.Record, record)
	}
	size := len(batch)
	for _, p := range batch {
		size += p.RecordLen()
	}
	body := make([]byte, 0, size)
	for i, p := range batch {
		if i > 0 {
			body = append(body, separator)
		}
		if p.Single {
			body = p.AppendRecord(body)
			continue
		}
		body = append(body, p.Form(packet.Record, record)...)
	}
	return body
}

// separator stands between the records of a payload (Engine.IO protocol 4, "Packet encoding").
const separator = 0x1e

func record(p packet.Packet) []byte { return p.AppendRecord(make([]byte, 0, p.RecordLen())) }

// Header values that all responses share. They are never changed.
var (
	plainText  = []string{"text/plain; charset=UTF-8"}
	octets     = []string{"application/octet-stream"}
	javaScript = []string{"application/javascript; charset=UTF-8"}
	html       = []string{"text/html"} // text/plain makes some browsers offer a download
	noStore    = []string{"no-store"}
	two        = []string{"2"}
)

// setCommon sets the headers of every response to a request of a session.
func setCommon(h http.Header, r *http.Request) {
	h["Cache-Control"] = noStore
	if ua := r.UserAgent(); strings.Contains(ua, ";MSIE") || strings.Contains(ua, "Trident/") {
		h.Set("X-XSS-Protection", "0") // Internet Explorer mistakes JSON for script, as the reference found
	}
}
