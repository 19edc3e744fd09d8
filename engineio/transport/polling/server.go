package polling

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Name is the protocol's name of this transport.
const Name = "polling"

// What the peer can do wrong. They are the err of [transport.Sink].Closed, with [transport.Failed].
var (
	ErrOverlap     = errors.New("polling: overlap from client")
	ErrDataOverlap = errors.New("polling: data request overlap from client")
	ErrContent     = errors.New("polling: invalid content")
	ErrPremature   = errors.New("polling: poll connection closed prematurely")
	ErrDataBroken  = errors.New("polling: data request connection closed prematurely")
	ErrTooSlow     = errors.New("polling: data request too slow")
)

// Why [Transport.Serve] has left a request to its caller to refuse.
var (
	ErrGone  = errors.New("polling: session ended")
	ErrMoved = errors.New("polling: session moved to another transport")
)

// Options of the server side.
type Options struct {
	MaxPayload   int           // the largest body of a POST, in bytes
	WriteTimeout time.Duration // for a whole response
	Compression  *Compression  // of responses
}

// Transport is the server side of one polling session.
type Transport struct {
	// Fixed after start.
	o    *Options
	sink transport.Sink

	mu         sync.Mutex
	closed     bool           // Guarded by mu, as all that follows.
	last       packet.Type    // what the last poll is told
	peer       transport.Peer // Fixed after start; it stands here to take no room.
	left       bool           // the client closed the session
	owes       bool           // when it did, no GET waited: the one that is on its way gets last
	waiting    get            // the GET that has not been answered yet
	moving     bool           // waiting came while another transport was about to take over
	responding bool           // the answer to the GET before it is being written
	posting    bool           // a POST is being read or its packets delivered
	answered   int64          // when the latest GET was, in nanoseconds of Unix time; the handshake is none
}

var _ transport.Transport = (*Transport)(nil)

// New makes the server side of a session that starts with polling. Sessions share the options.
func New(sink transport.Sink, peer transport.Peer, o *Options) *Transport {
	return &Transport{sink: sink, peer: peer, o: o}
}

// Name is "polling".
func (t *Transport) Name() string { return Name }

// Writable reports whether a GET waits for an answer.
func (t *Transport) Writable() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting.there() && !t.responding && !t.closed
}

// Send answers the waiting GET with the batch. It never blocks: the response is written by the goroutine of the GET or, if
// that has none, as far as its connection takes it now.
func (t *Transport) Send(batch []*packet.Prepared, _ bool) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	t.mu.Lock()
	g := t.waiting
	if !g.there() || t.responding || t.closed {
		t.mu.Unlock()
		return 0, transport.ErrNotWritable
	}
	t.waiting, t.responding = get{}, true
	t.mu.Unlock()
	t.answer(g, batch)
	return len(batch), nil
}

// get is a GET that waits: on a goroutine, or without one on a line. The zero get is none.
type get struct {
	parked parked
	line   Line
}

func (g get) there() bool { return g.parked != nil || g.line != nil }

// answer gives a GET that waited its answer, without blocking. Whoever calls it has set responding.
func (t *Transport) answer(g get, batch []*packet.Prepared) {
	if g.line != nil {
		t.write(g.line, batch)
		return
	}
	for _, p := range batch {
		p.Keep() // the goroutine has it for longer than we
	}
	g.parked <- append([]*packet.Prepared(nil), batch...)
}

// Close answers the waiting GET with a close packet, or with a noop when the session moved on.
func (t *Transport) Close(how transport.Ending) {
	last := packet.Close
	if how == transport.Replaced {
		last = packet.Noop
	}
	t.close(last)
}

// close ends the transport, and reports whether it had not ended before.
func (t *Transport) close(last packet.Type) bool {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return false
	}
	t.closed, t.last = true, last
	if t.waiting.there() && !t.responding {
		t.finish()
	} else {
		t.mu.Unlock()
	}
	return true
}

// finish answers the last GET, which waits. The caller holds mu, which finish gives back, and closed is set.
func (t *Transport) finish() {
	g, last := t.waiting, t.last
	t.waiting = get{}
	if last == packet.Noop && t.moving { // it has a goroutine
		t.mu.Unlock()
		g.parked <- nil
		return
	}
	t.responding = true
	t.mu.Unlock()
	t.answer(g, []*packet.Prepared{final(last)})
}

// Owes reports whether the client has closed the session, and the GET that goes with it has not been seen yet. It is
// welcome still.
func (t *Transport) Owes() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.owes
}

// fail ends the transport because of what the peer did. A poll that still waits is told with last.
func (t *Transport) fail(last packet.Type, why transport.Cause, err error) {
	if t.close(last) {
		t.sink.Closed(t, why, err)
	}
}

var (
	closePacket = packet.Prepare(packet.Packet{Type: packet.Close})
	noopPacket  = packet.Prepare(packet.Packet{Type: packet.Noop})
)

// final is the packet that a poll gets when there is nothing else to come.
func final(t packet.Type) *packet.Prepared {
	if t == packet.Noop {
		return noopPacket
	}
	return closePacket
}

// Serve answers a request that belongs to this session. Headers for every response, such as those of CORS, are set on w
// by the caller.
//
// Moving says that another transport is about to take over. A GET that still waits when it does is not answered, like
// one that comes after: [ErrMoved]. The client sent it on one connection and the switch on another, so which of them is
// seen first is up to chance, and a client that pauses polling before it switches, as it should, sends no such GET.
// [ErrGone] says that the session has ended. On both errors nothing was written to w.
func (t *Transport) Serve(w http.ResponseWriter, r *http.Request, moving bool) error {
	switch r.Method {
	case http.MethodGet:
		return t.poll(w, r, moving)
	case http.MethodPost:
		return t.data(w, r)
	default:
		w.WriteHeader(http.StatusInternalServerError) // as the reference answers; Engine.IO protocol 4 names two methods
		return nil
	}
}

// over is why a request comes too late. The caller holds mu, and closed is set.
func (t *Transport) over() error {
	if t.last == packet.Noop && !t.left {
		return ErrMoved
	}
	return ErrGone
}
