package websocket

import (
	"math"
	"time"
)

// Options of a connection. Every zero field means the default.
type Options struct {
	// MaxMessage limits a message of the peer, in bytes; a longer one ends the connection with code 1009 before any of
	// the excess is read. Of a compressed message both forms count. The default is 1,000,000.
	MaxMessage int
	// MaxFragments limits the fragments of a message; more end the connection with code 1008. The default is 16,384,
	// negative is no limit.
	MaxFragments int
	// WriteTimeout is how long the peer may take to accept a write of up to 64 KiB. The default is 10 s.
	WriteTimeout time.Duration
	// Deflate lets peers have messages compressed, and compress theirs. The default is nil: no compression.
	Deflate *Deflate

	codec *codec // of Deflate
}

// WithDefaults returns a copy of o, which may be nil, with every zero field filled in. Connections share it.
func (o *Options) WithDefaults() *Options {
	f := new(Options)
	if o != nil {
		*f = *o
	}
	if f.MaxMessage <= 0 {
		f.MaxMessage = 1_000_000
	}
	switch {
	case f.MaxFragments == 0:
		f.MaxFragments = 16384
	case f.MaxFragments < 0:
		f.MaxFragments = math.MaxInt
	}
	if f.WriteTimeout <= 0 {
		f.WriteTimeout = 10 * time.Second
	}
	if f.Deflate != nil {
		f.codec = newCodec(f.Deflate)
	}
	return f
}
