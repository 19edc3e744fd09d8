package websocket

import (
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// gatherPackets hands over the packets that are all there in what was read, in frames as most are (see decoder.whole). What
// comes then is left to deliver. False means that sink wants no more.
func (t *Transport) gatherPackets(sink transport.Gatherer) (more bool, err error) {
	for {
		ps := t.buffer.together[:0]
		for err == nil && len(ps) < mostTogether {
			m, rest, ok := t.decoder.whole(t.chunk, t.buffer)
			if !ok {
				break
			}
			t.chunk = rest
			var p packet.Packet
			if p, err = t.parse(m); err == nil {
				ps = append(ps, p)
			} else {
				err = errUnreadable{err}
			}
		}
		if len(ps) == 0 {
			return true, err
		}
		if t.patient && !t.heard.Load() {
			t.heard.Store(true)
		}
		more = sink.Packets(t, ps, t.header)
		clear(ps)
		if !more {
			return false, nil
		}
		if err != nil || len(ps) < mostTogether {
			return true, err
		}
	}
}
