package webtransport

import (
	"io"
	"time"
)

// How long the end may take: some round trips, in which a packet that was lost is sent again, and the time of a peer whose
// machine is busy. A peer that leaves when it has read the end is not waited for.
const (
	rounds = 4
	least  = 500 * time.Millisecond
	most   = 2 * time.Second
)

// patience is how long what was sent last may need to arrive.
func (t *Transport) patience() time.Duration {
	return min(max(rounds*t.conn.ConnectionStats().SmoothedRTT, least), most)
}

// goodbye ends the session in an orderly way. The peer learns of its end from a capsule, and with the session goes what
// has not been read of its streams, whatever was written. So the stream ends first, and the peer has the time to read it.
func (t *Transport) goodbye() {
	if s := t.stream.Load(); s != nil && !t.sent.IsZero() {
		if deadline := t.sent.Add(t.patience()); time.Now().Before(deadline) {
			s.Close()
			t.settle(deadline)
		}
	}
	if t.request == nil {
		return // a client's capsule may be the library's, and nothing is lost by it: the server has had its time
	}
	if t.session.Context().Err() == nil && t.request.TryWriteAll(closeCapsule) == nil {
		t.request.Close()
		t.await(time.Now().Add(most)) // who reads it leaves at once; for who is late it turns into an error
	}
}

// closeCapsule is WT_CLOSE_SESSION with code 0 and no message (WebTransport over HTTP/3, section 6): type, length, code.
//
// The library would write it too, but asks the peer in the same packet to stop sending on the stream that carries it.
// Chromium reads that first, and takes the session for broken: its page gets an error where it should get an end.
var closeCapsule = []byte{0x68, 0x43, 4, 0, 0, 0, 0}

// settle drops what comes on the stream, until the peer has left or the deadline has passed.
func (t *Transport) settle(deadline time.Time) {
	s := t.stream.Load()
	s.SetReadDeadline(deadline)
	var scrap [512]byte
	for t.state.Load() == closing {
		_, err := s.Read(scrap[:])
		if err == io.EOF && t.request != nil {
			t.await(deadline) // the client has ended its side of the stream, and nothing else
		}
		if err != nil {
			return
		}
	}
}

// await waits for the end of the session, until the deadline.
func (t *Transport) await(deadline time.Time) {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-t.session.Context().Done():
	case <-timer.C:
	}
}
