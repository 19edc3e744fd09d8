package polling

import (
	"cmp"
	"slices"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/internal/deflate"
)

// Compression compresses responses. Nil compresses none.
type Compression struct {
	threshold  int
	compressor *deflate.Compressor
}

// NewCompression makes the compression of responses from threshold bytes on: zero means 1,024, negative all. The level is
// from 1, fast, to 9, small; zero means 6.
func NewCompression(threshold, level int) *Compression {
	return &Compression{max(0, cmp.Or(threshold, 1024)), deflate.NewCompressor(level)}
}

// coding is that of a response which carries batch in size bytes: a coding that the client takes, if there is enough to
// compress and one of the packets may be. No Vary goes with it: what is never stored is never mixed up.
func (c *Compression) coding(accepts []string, batch []*packet.Prepared, size int) deflate.Coding {
	if !c.pays(batch, size) {
		return deflate.Identity
	}
	return deflate.Accepted(accepts)
}

// pays reports whether a response that carries batch in size bytes is one to compress.
func (c *Compression) pays(batch []*packet.Prepared, size int) bool {
	return c != nil && size >= c.threshold && slices.ContainsFunc(batch, compressible)
}

// body compresses a body with a coding that is none or one of [Compression.coding], if that makes it smaller.
func (c *Compression) body(body []byte, coding deflate.Coding) ([]byte, deflate.Coding) {
	if coding != deflate.Identity {
		if small := c.compressor.Body(body, coding); len(small) < len(body) {
			return small, coding
		}
	}
	return body, deflate.Identity
}

// compressible reports whether p is one to compress a payload for. A heartbeat beside a message that is to go as it is
// does not make it one.
func compressible(p *packet.Prepared) bool {
	return !p.NoCompress && (p.Type == packet.Message || p.Type == packet.Open)
}
