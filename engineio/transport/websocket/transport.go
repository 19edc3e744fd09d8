package websocket

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// Name is the protocol's name of this transport.
const Name = "websocket"

// Transport is a WebSocket connection under a session: one packet a message.
//
// What a Send needs stands at the beginning, in two lines of the cache.
type Transport struct {
	state atomic.Uint32
	peer  transport.Peer // Fixed after start.

	// Owned by whoever is in Send; by Serve once the transport is closed in an orderly way.
	offset int    // how much of the next packet's frame has been written
	head   []byte // to be written before the next packet: the response to the handshake, a pong

	pong atomic.Pointer[[]byte] // the frame that answers the latest ping, until a Send takes it

	link
	berth
	header http.Header                   // of the handshake. Fixed after start.
	ended  atomic.Pointer[chan struct{}] // closed by Close, if Serve waits for it
}

// The states of a transport. They only go up.
const (
	running      uint32 = iota
	interrupting        // Close is about to wake Serve, whose own deadlines come after that
	closing             // Serve says goodbye and ends
	cut
)

var (
	_ transport.Transport  = (*Transport)(nil)
	_ transport.Prefetcher = (*Transport)(nil)
)

// Upgrade makes a transport of the request, and has the header added to the response, which leaves with the first Send.
// What the transport hands on as the headers of the request is kept.
// The caller has used [Check], and must call [Lot.Serve]. Messages are written as the peer understands them. The
// options must come from [Options.WithDefaults]. On error nothing has been answered.
func Upgrade(w http.ResponseWriter, r *http.Request, kept, header http.Header, peer transport.Peer, o *Options) (*Transport, error) {
	t := &Transport{header: kept, peer: peer}
	var err error
	if t.head, err = t.upgrade(w, r, header, o); err != nil {
		return nil, err
	}
	return t, nil
}

// Take is Upgrade for a connection that no HTTP server has: early is what was read from it behind the request, and the key
// need not stand in the header of r.
func Take(nc net.Conn, early []byte, r *http.Request, key string, kept http.Header, peer transport.Peer, o *Options) *Transport {
	t := &Transport{header: kept, peer: peer}
	extensions := o.negotiate(r)
	t.head = appendResponse(make([]byte, 0, 144), r, key, nil, extensions)
	t.start(nc, early, o)
	t.decoder.deflate = extensions != ""
	return t
}

// Name is "websocket".
func (t *Transport) Name() string { return Name }

// Writable reports whether the connection is open.
func (t *Transport) Writable() bool { return t.state.Load() == running }

// Prefetch has the processor fetch the transport, and the connection: its address stands beside its descriptor.
func (t *Transport) Prefetch() {
	t.state.Load()
	if t.raw.There() {
		t.nc.LocalAddr()
	}
}

// Close ends the transport. Saying goodbye is left to its reader, which is woken.
func (t *Transport) Close(how transport.Ending) {
	if how == transport.Cut {
		t.state.Store(cut)
		t.cut()
	} else if t.state.CompareAndSwap(running, interrupting) {
		t.interrupt()
		t.state.CompareAndSwap(interrupting, closing) // unless it was cut meanwhile
	}
	if ended := t.ended.Swap(nil); ended != nil {
		close(*ended)
	}
	t.wake()
}

// await waits for Close to have done its part. It is sure to come.
func (t *Transport) await() {
	if t.state.Load() >= closing {
		return
	}
	ended := make(chan struct{})
	t.ended.Store(&ended)
	if t.state.Load() < closing {
		<-ended
	}
}

// Serve reads from the peer and tells sink, until the transport ends. It returns when the connection is closed. First it
// calls sink.Flush, as the response to the handshake is to be sent. A server has a [Lot] do it.
func (t *Transport) Serve(sink transport.Sink) {
	defer func() { // also when a handler ends this goroutine
		t.release()
		t.nc.Close()
	}()
	var err error
	if t.state.Load() == running {
		sink.Flush(t)
		err = t.deliver(sink)
	}
	t.end(sink, err)
}

// end tells sink that reading has ended, unless that is no news, and says goodbye to the peer.
func (t *Transport) end(sink transport.Sink, err error) {
	if t.state.Load() == running {
		sink.Closed(t, cause(err), err)
	}
	t.await()
	if t.state.Load() == closing {
		t.goodbye(err)
	}
}

// errUnreadable wraps what is wrong with a packet.
type errUnreadable struct{ error }

func (e errUnreadable) Unwrap() error { return e.error }

// deliver hands packets to sink until something ends it. Nil means that sink wants no more.
func (t *Transport) deliver(sink transport.Sink) error {
	gatherer, _ := sink.(transport.Gatherer)
	for {
		if gatherer != nil && t.buffer != nil {
			if more, err := t.gatherPackets(gatherer); err != nil || !more {
				return err
			}
		}
		m, err := t.found()
		if err == nil && m.op == 0 {
			if err = t.fill(); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		if t.patient && !t.heard.Load() {
			t.heard.Store(true)
		}
		var p packet.Packet
		switch m.op {
		case ws.OpText, ws.OpBinary:
			if p, err = t.parse(m); err != nil {
				return errUnreadable{err}
			}
		case ws.OpPing:
			f := append(appendHeader(make([]byte, 0, 2+len(m.data)), ws.OpPong, len(m.data)), m.data...)
			if t.decoder.client {
				f = masked(ws.OpPong, f)
			}
			t.pong.Store(&f) // only the latest ping needs an answer (RFC 6455 section 5.5.3), so a flood needs no queue
			sink.Flush(t)
			continue
		case ws.OpPong:
			continue
		case ws.OpClose:
			return parseClose(m.data)
		}
		if !sink.Packet(t, p, t.header) {
			return nil
		}
	}
}

// parse reads a data message as the peer writes it.
func (t *Transport) parse(m message) (packet.Packet, error) {
	switch text := m.op == ws.OpText; {
	case text && t.peer.Protocol3:
		return packet.Parse3(m.data)
	case text:
		return packet.Parse(m.data)
	case t.peer.Protocol3:
		return packet.ParseBytes3(m.data)
	}
	return packet.Packet{Type: packet.Message, Binary: true, Data: m.data}, nil
}

// cause puts the error that ended reading in the words of the seam.
func cause(err error) transport.Cause {
	var ce *CloseError
	switch {
	case errors.As(err, new(errUnreadable)):
		return transport.Unreadable
	case errors.As(err, &ce) && !ce.Peer:
		return transport.Failed
	}
	return transport.Gone
}

// goodbye sends a close frame, and waits a while for the peer's.
func (t *Transport) goodbye(err error) {
	code := CodeNoStatus // an empty close frame is what the reference sends when a session ends
	var ce *CloseError
	switch {
	case t.offset > 0:
		return // in the middle of a frame nothing more can be said
	case errors.As(err, &ce):
		code = ce.Code
	case err != nil && !interrupted(err) && cause(err) == transport.Gone:
		return // the peer has gone without a word
	}
	frame := closeFrame(code, "")
	if t.decoder.client {
		frame = masked(ws.OpClose, frame)
	}
	nc := t.nc
	nc.SetWriteDeadline(time.Now().Add(t.o.WriteTimeout))
	if _, err := nc.Write(append(t.head, frame...)); err != nil {
		return
	}
	switch {
	case ce == nil:
		t.linger()
	case !ce.Peer:
		t.drain()
	}
}
