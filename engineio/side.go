package engineio

import (
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio/transport"
)

// side is what the sessions of one end have in common: all those of a [Server], or the single one of [Dial].
type side struct {
	o      Options
	client bool
	epoch  time.Time // when the side was made

	// running counts the sessions until Handler.Closed has returned, the readers, the short-lived writers, and requests
	// that are about to become one of these. Each is counted before it starts anything else, so the count can't rise from
	// zero behind the back of who waits for it.
	running sync.WaitGroup

	// ended is told of each session that has ended, left of each one whose peer went before that, with its transport.
	ended func(*Conn)
	left  func(*Conn, transport.Transport)

	pinged func() // hears of a client's pings; may be nil
}
