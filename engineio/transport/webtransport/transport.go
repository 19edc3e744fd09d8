package webtransport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	library "github.com/quic-go/webtransport-go"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Transport is a WebTransport session under a session of Engine.IO: the first bidirectional stream that the client opens,
// one packet a frame.
type Transport struct {
	session *library.Session // Fixed after start, as are all of these.
	request *http3.Stream    // the session's own stream, where capsules go; nil on the client's side
	conn    *quic.Conn
	road    *road       // the client's own; nil on the server's side
	header  http.Header // of the request, or of the response to it
	limits  transport.Limits
	ctx     context.Context // ends with Close
	cancel  context.CancelFunc

	stream  atomic.Pointer[library.Stream] // set once, by First
	state   atomic.Uint32
	crowded atomic.Bool                   // the peer opened a second stream
	ended   atomic.Pointer[chan struct{}] // closed by Close, if Serve waits for it
	guard   sync.WaitGroup                // the goroutine that waits for a second stream

	decoder decoder   // Owned by the reader.
	sent    time.Time // of the last write. Owned by whoever is in Send, and by Serve once the transport is closed in an orderly way.
}

// The states of a transport. They only go up.
const (
	running uint32 = iota
	closing        // Serve says goodbye and ends
	cut
)

var (
	_ transport.Arrival   = (*Transport)(nil)
	_ transport.Departure = (*Transport)(nil)
)

func newTransport(session *library.Session, request *http3.Stream, conn *quic.Conn, header http.Header, l transport.Limits) *Transport {
	t := &Transport{session: session, request: request, conn: conn, header: header, limits: l}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Name is "webtransport".
func (t *Transport) Name() string { return Name }

// Writable reports whether the session is open.
func (t *Transport) Writable() bool { return t.state.Load() == running }

// Close ends the transport. Saying goodbye is left to Serve, which is woken.
func (t *Transport) Close(how transport.Ending) {
	switch {
	case how == transport.Cut:
		t.state.Store(cut)
		if s := t.stream.Load(); s != nil {
			s.CancelWrite(0)
			s.CancelRead(0)
		}
	case t.state.CompareAndSwap(running, closing):
		t.interrupt()
	}
	t.cancel()
	if ended := t.ended.Swap(nil); ended != nil {
		close(*ended)
	}
}

// interrupt makes the reader return. The caller has changed what the reader then looks at.
func (t *Transport) interrupt() {
	if s := t.stream.Load(); s != nil {
		s.SetReadDeadline(time.Unix(1, 0))
	}
}

// What the peer can do wrong besides frames.
var (
	errCrowded = errors.New("webtransport: more than one stream")
	errClosed  = errors.New("webtransport: closed")
)

// errUnreadable wraps what is wrong with a packet.
type errUnreadable struct{ error }

func (e errUnreadable) Unwrap() error { return e.error }

// First waits for the stream, and for the first packet on it. See [transport.Arrival].
func (t *Transport) First(patience time.Duration) (packet.Packet, error) {
	deadline := time.Now().Add(patience)
	ctx, cancel := context.WithDeadline(t.ctx, deadline)
	defer cancel()
	stream, err := t.session.AcceptStream(ctx)
	if err != nil {
		return packet.Packet{}, err
	}
	stream.SetReadDeadline(deadline)
	t.decoder = decoder{r: stream, max: t.limits.MaxPayload}
	t.stream.Store(stream)
	t.guard.Go(t.watch)
	if err := t.over(); err != nil { // whoever came before the stream was there could not interrupt
		return packet.Packet{}, err
	}
	p, err := t.next()
	if err != nil {
		return packet.Packet{}, err
	}
	stream.SetReadDeadline(time.Time{})
	return p, t.over()
}

// over is why the reader should not go on, whatever the deadline says.
func (t *Transport) over() error {
	switch {
	case t.state.Load() != running:
		return errClosed
	case t.crowded.Load():
		return errCrowded
	}
	return nil
}

// watch ends the transport when the peer opens a second stream. Nobody would read it, and what comes on streams that
// nobody reads stays in memory.
func (t *Transport) watch() {
	if _, err := t.session.AcceptStream(context.Background()); err == nil { // the session's end is an error
		t.crowded.Store(true)
		t.interrupt()
	}
}

// next reads one packet.
func (t *Transport) next() (packet.Packet, error) {
	isBinary, data, err := t.decoder.next()
	switch {
	case errors.Is(err, errEmpty), errors.Is(err, errTooLong):
		return packet.Packet{}, errUnreadable{err}
	case err != nil:
		return packet.Packet{}, err
	case isBinary:
		return packet.Packet{Type: packet.Message, Binary: true, Data: data}, nil
	}
	if !utf8.Valid(data) {
		// As the reference decodes it. What is relayed from here must be fit for a WebSocket text frame.
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	p, err := packet.Parse(data)
	if err != nil {
		return packet.Packet{}, errUnreadable{err}
	}
	return p, nil
}

// awaitClose waits for Close, which is sure to come.
func (t *Transport) awaitClose() {
	ended := make(chan struct{})
	t.ended.Store(&ended)
	if t.state.Load() == running {
		<-ended
	}
}

// Serve reads from the peer and tells sink, until the transport ends. See [transport.Arrival].
func (t *Transport) Serve(sink transport.Sink) {
	if t.state.Load() == running {
		if err := t.deliver(sink); t.state.Load() == running {
			if t.crowded.Load() {
				err = errCrowded
			}
			sink.Closed(t, cause(err), err)
			t.awaitClose()
		}
	}
	if t.state.Load() == closing {
		t.goodbye()
	}
	t.session.CloseWithError(0, "")
	t.cancel()
	t.guard.Wait()
	if t.road != nil {
		t.road.close()
	}
}

// deliver hands packets to sink until something ends it. Nil means that sink wants no more.
func (t *Transport) deliver(sink transport.Sink) error {
	for {
		p, err := t.next()
		if err != nil {
			return err
		}
		if !sink.Packet(t, p, t.header) {
			return nil
		}
	}
}

// cause puts the error that ended reading in the words of the seam.
func cause(err error) transport.Cause {
	switch {
	case errors.As(err, new(errUnreadable)):
		return transport.Unreadable
	case errors.Is(err, errCrowded), errors.Is(err, io.ErrUnexpectedEOF):
		return transport.Failed
	}
	return transport.Gone
}
