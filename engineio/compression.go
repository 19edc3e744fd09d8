package engineio

import (
	"github.com/socketio-go/socketio/engineio/transport/polling"
	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// PerMessageDeflate is the permessage-deflate extension of WebSocket (RFC 7692). Every zero field means the default.
//
// Each message is compressed by itself, without the context of the one before: nothing is kept for an idle connection,
// and a broadcast is compressed once for all its receivers. A message goes as it is if it asked for that
// ([packet.Prepared].NoCompress), if it is below the threshold, if compressing does not make it smaller, or if it is
// binary and the client of Engine.IO 3, or one that takes no binary frames. What a client
// sends is inflated to no more than [Options].MaxPayload; more ends its connection with code 1009.
type PerMessageDeflate struct {
	// Threshold is the size in bytes from which on a message is compressed. The default is 1,024, negative is none.
	Threshold int
	// Level is from 1, fast, to 9, small. The default is 6.
	Level int
}

// HTTPCompression is the compression of polling responses with gzip or deflate, as Accept-Encoding likes best. Every zero
// field means the default.
//
// A response is compressed if one of its messages may be ([packet.Prepared].NoCompress).
type HTTPCompression struct {
	// Off turns it off.
	Off bool
	// Threshold is the size in bytes from which on a response is compressed. The default is 1,024, negative is none.
	Threshold int
	// Level is from 1, fast, to 9, small. The default is 6.
	Level int
}

// webSocket are the options of WebSocket connections.
func (o *Options) webSocket() *websocket.Options {
	w := websocket.Options{
		MaxMessage: o.MaxPayload, WriteTimeout: o.WriteTimeout, Deflate: (*websocket.Deflate)(o.PerMessageDeflate),
	}
	return w.WithDefaults()
}

// polling are the options of polling sessions.
func (o *Options) polling() *polling.Options {
	p := &polling.Options{MaxPayload: o.MaxPayload, WriteTimeout: o.WriteTimeout}
	if c := o.HTTPCompression; c == nil {
		p.Compression = polling.NewCompression(0, 0)
	} else if !c.Off {
		p.Compression = polling.NewCompression(c.Threshold, c.Level)
	}
	return p
}
