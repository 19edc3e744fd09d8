package polling

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Send brings the packets of batch to the server, in one POST or, if that would be longer than the server takes, in
// several (Engine.IO protocol 4, "HTTP long-polling"). It is a request, so nothing is sent without waiting. A packet
// that is too long by itself has a POST of its own: the server's answer to it is the sender's.
func (t *Client) Send(batch []*packet.Prepared, wait bool) (n int, err error) {
	if len(batch) == 0 {
		return 0, nil
	}
	t.mu.Lock()
	switch {
	case t.pausing || t.closed:
		t.mu.Unlock()
		return 0, transport.ErrNotWritable
	case !wait:
		t.mu.Unlock()
		return 0, transport.ErrWouldBlock
	}
	t.posting = true
	limit := t.maxPayload
	t.mu.Unlock()
	defer t.endPost()

	for n < len(batch) {
		body, k := post(batch[n:], limit)
		if err := t.bring(body); err != nil {
			return n, err
		}
		n += k
		t.mu.Lock()
		stop := t.pausing
		t.mu.Unlock()
		if stop && n < len(batch) {
			return n, transport.ErrNotWritable
		}
	}
	return n, nil
}

func (t *Client) endPost() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.posting = false
	t.rest()
}

// post joins the records of as many packets as fit into limit bytes and into the records that a server takes, at
// least one.
func post(batch []*packet.Prepared, limit int) (body []byte, n int) {
	for _, p := range batch {
		r := p.Form(packet.Record, record)
		switch {
		case n == 0:
			body = bytes.Clone(r)
		case limit > 0 && len(body)+1+len(r) > limit, n == packet.MaxRecords:
			return body, n
		default:
			body = packet.AppendPayload(append(body, separator), r)
		}
		n++
	}
	return body, n
}

var goodbye = []*packet.Prepared{packet.Prepare(packet.Packet{Type: packet.Close})}

// Leave tells the server that the session is over, after [Client.Close], and waits at most so long for its answer. What
// becomes of it nobody needs to know.
func (t *Client) Leave(patience time.Duration) {
	t.mu.Lock()
	sid := t.sid
	t.mu.Unlock()
	if sid == "" {
		return
	}
	body, _ := post(goodbye, 0)
	res, cancel, err := t.request(context.Background(), http.MethodPost, bytes.NewReader(body), patience)
	if err != nil {
		return
	}
	defer cancel()
	defer res.Body.Close()
	io.CopyN(io.Discard, res.Body, errorBody)
}

func (t *Client) bring(body []byte) error {
	res, cancel, err := t.do(http.MethodPost, bytes.NewReader(body))
	if err != nil {
		return &transport.Error{Message: "xhr post error", Err: err}
	}
	defer cancel()
	defer res.Body.Close()
	io.CopyN(io.Discard, res.Body, errorBody) // "ok", or why not
	if res.StatusCode != http.StatusOK {
		return &transport.Error{Message: "xhr post error", Status: res.StatusCode}
	}
	return nil
}
