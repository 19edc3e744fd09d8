package polling

import (
	"cmp"
	"net/http"
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

// apply compresses the body of the response that carries batch, if the client takes it, one of the packets may be
// compressed and it makes the body smaller. No Vary goes with it: what is never stored is never mixed up.
func (c *Compression) apply(h http.Header, r *http.Request, batch []*packet.Prepared, body []byte) []byte {
	if c == nil || len(body) < c.threshold || !slices.ContainsFunc(batch, compressible) {
		return body
	}
	coding := deflate.Accepted(r.Header["Accept-Encoding"])
	if coding == deflate.Identity {
		return body
	}
	small := c.compressor.Body(body, coding)
	if len(small) >= len(body) {
		return body
	}
	h["Content-Encoding"] = []string{string(coding)}
	return small
}

// compressible reports whether p is one to compress a payload for. A heartbeat beside a message that is to go as it is
// does not make it one.
func compressible(p *packet.Prepared) bool {
	return !p.NoCompress && (p.Type == packet.Message || p.Type == packet.Open)
}
