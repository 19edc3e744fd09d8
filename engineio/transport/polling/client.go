package polling

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// ClientOptions of the client side. Client and URL must be set.
type ClientOptions struct {
	// Client makes the requests. Its Jar keeps cookies.
	Client *http.Client
	// URL is that of every request, but for the session id.
	URL *url.URL
	// Header is sent with every request.
	Header http.Header
	// MaxResponse limits what one GET may bring, after decompression, in bytes. More ends the session.
	MaxResponse int
	// Timeout limits a request; zero is no limit.
	Timeout time.Duration
	// Stamp, if set, makes the value of a parameter that tells requests apart, against caches: the name and the value.
	Stamp func() (name, value string)
}

// Client is the client side of one polling session: a GET that waits nearly always, and a POST at a time.
type Client struct {
	o      ClientOptions
	ctx    context.Context // of all requests
	cancel context.CancelFunc

	mu         sync.Mutex
	sid        string        // Guarded by mu, as all that follows. "" until [Client.Opened].
	maxPayload int           // of a POST
	closed     bool          // no more GETs
	pausing    bool          // no request begins until resumed
	polling    bool          // a GET is under way
	posting    bool          // a POST is under way
	idle       chan struct{} // closed when pausing and nothing is under way
	resumed    chan struct{} // closed by Resume or Close; nil unless pausing
}

var _ transport.Transport = (*Client)(nil)

// NewClient makes the client side of a session that is not open yet. The first packet that [Client.Serve] brings should
// be the open packet; whoever gets it must call [Client.Opened] before returning.
func NewClient(o ClientOptions) *Client {
	t := &Client{o: o}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Opened tells what the handshake said: the session id, and how long a POST may be, in bytes; zero is any length.
func (t *Client) Opened(sid string, maxPayload int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sid, t.maxPayload = sid, maxPayload
}

// Name is "polling".
func (t *Client) Name() string { return Name }

// Writable reports whether no POST is under way.
func (t *Client) Writable() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.posting && !t.pausing && !t.closed
}

// Close ends the transport. Its session has sent what it had to say. The GET that waits is given up.
func (t *Client) Close(transport.Ending) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.resume()
	t.cancel()
}

// Pause lets no new request begin, and returns when none is under way: then whatever the server sends is sent
// somewhere else. The server ends the GET that waits when it knows that another transport is about to take over. False
// means that it did not come to that, as ctx ended or the transport was closed.
func (t *Client) Pause(ctx context.Context) bool {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return false
	}
	t.pausing = true
	t.resumed = make(chan struct{})
	idle := make(chan struct{})
	t.idle = idle
	t.rest()
	t.mu.Unlock()
	select {
	case <-idle:
		return true
	case <-ctx.Done():
	case <-t.ctx.Done():
	}
	return false
}

// Resume takes Pause back. Whoever sends should be told with [transport.Sink].Flush.
func (t *Client) Resume() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resume()
}

// resume lets a paused GET go on. The caller holds mu.
func (t *Client) resume() {
	if t.pausing {
		t.pausing, t.idle = false, nil
		close(t.resumed)
	}
}

// rest tells Pause when nothing is under way. The caller holds mu.
func (t *Client) rest() {
	if t.idle != nil && !t.polling && !t.posting {
		close(t.idle)
		t.idle = nil
	}
}

// Serve polls and tells sink, until the transport ends.
func (t *Client) Serve(sink transport.Sink) {
	defer t.cancel()
	for t.beginPoll() {
		body, err := t.get()
		if err == nil {
			err = t.deliver(sink, body)
		}
		t.mu.Lock()
		closed := t.closed
		t.mu.Unlock()
		if err != nil && !closed {
			why := transport.Failed
			if _, ok := err.(unreadable); ok {
				why = transport.Unreadable
			}
			sink.Closed(t, why, err)
			t.endPoll()
			return
		}
		t.endPoll()
	}
}

// beginPoll waits while the transport is paused. False means that it has ended.
func (t *Client) beginPoll() bool {
	for {
		t.mu.Lock()
		if t.closed {
			t.mu.Unlock()
			return false
		}
		if !t.pausing {
			t.polling = true
			t.mu.Unlock()
			return true
		}
		resumed := t.resumed
		t.mu.Unlock()
		<-resumed
	}
}

func (t *Client) endPoll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.polling = false
	t.rest()
}

// unreadable is what is wrong with a payload.
type unreadable struct{ error }

func (e unreadable) Unwrap() error { return e.error }

// deliver hands the packets of a payload to sink.
func (t *Client) deliver(sink transport.Sink, body []byte) error {
	for p, err := range packet.SplitPayload(body, packet.MaxRecords) {
		if err != nil {
			return unreadable{&transport.Error{Message: "server error", Err: err}}
		}
		p.Data = own(p.Data, len(body))
		if !sink.Packet(t, p, nil) {
			t.Close(transport.Cut)
			return nil
		}
	}
	return nil
}

// get makes one GET and returns the body of its response.
func (t *Client) get() ([]byte, error) {
	res, cancel, err := t.do(http.MethodGet, nil)
	if err != nil {
		return nil, &transport.Error{Message: "xhr poll error", Err: err}
	}
	defer cancel()
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		io.CopyN(io.Discard, res.Body, errorBody)
		return nil, &transport.Error{Message: "xhr poll error", Status: res.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(t.o.MaxResponse)+1))
	switch {
	case err != nil:
		return nil, &transport.Error{Message: "xhr poll error", Status: res.StatusCode, Err: err}
	case len(body) > t.o.MaxResponse:
		return nil, &transport.Error{Message: "xhr poll error", Status: res.StatusCode, Err: errTooLarge}
	}
	return body, nil
}

// errorBody is how much of a response that says no is read, so that its connection can be used again.
const errorBody = 4 << 10

// do makes a request. The response's body must be read before cancel is called.
func (t *Client) do(method string, body io.Reader) (_ *http.Response, cancel context.CancelFunc, err error) {
	return t.request(t.ctx, method, body, t.o.Timeout)
}

// request is do under another context and timeout.
func (t *Client) request(ctx context.Context, method string, body io.Reader, timeout time.Duration) (_ *http.Response, cancel context.CancelFunc, err error) {
	cancel = func() {}
	if timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	}
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	t.mu.Lock()
	sid := t.sid
	t.mu.Unlock()
	u := *t.o.URL
	q := u.Query()
	if sid != "" {
		q.Set("sid", sid)
	}
	if t.o.Stamp != nil {
		name, value := t.o.Stamp()
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	if sid != "" && method == http.MethodGet {
		outer := cancel
		inner, stop := context.WithCancelCause(ctx)
		ctx, cancel = once(inner, stop), func() { stop(nil); outer() }
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, nil, err
	}
	if t.o.Header != nil {
		r.Header = t.o.Header.Clone()
	}
	r.Header.Set("Accept", "*/*")
	if body != nil {
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	res, err := t.o.Client.Do(r)
	if err != nil && context.Cause(ctx) == errRetried {
		err = errRetried
	}
	return res, cancel, err
}
