package packet

import "sync/atomic"

// Type is the kind of an Engine.IO packet (Engine.IO protocol 4, "Packet types").
type Type byte

const (
	Open    Type = iota // 0: handshake, JSON
	Close               // 1: the sender closes the session
	Ping                // 2: heartbeat, or "probe" during an upgrade
	Pong                // 3: answer to Ping
	Message             // 4: text or binary, the application's
	Upgrade             // 5: the client moves to the new transport
	Noop                // 6: ends a pending poll
)

// Packet is one Engine.IO packet. Only a Message can be Binary.
type Packet struct {
	Type   Type
	Binary bool
	Data   []byte // without the type digit
}

// Form names one wire form of a packet, one slot in a [Prepared].
type Form int

const (
	Frame           Form = iota // a WebSocket frame, as a server sends it (no mask)
	TextFrame                   // a WebSocket frame for a peer that takes no binary ones: base64 in a text frame
	CompressedFrame             // the first under permessage-deflate, no context takeover
	Record                      // a record of a polling payload; base64 when binary
	forms
)

// The wire forms of protocol 3, where they are others.
const (
	Frame3       = forms + iota // of a binary packet
	TextFrame3                  // of a binary packet: base64 in a text frame
	Record3                     // a record of a text payload; base64 when binary
	BytesRecord3                // a record of a binary payload
	lastForm
	forms3 = lastForm - forms
)

// Prepared is one packet on its way out, shared by all its receivers. It is immutable but for its wire forms, each of
// which is built the first time a transport asks for it. Safe for use by several goroutines.
type Prepared struct {
	Packet
	// NoCompress asks every transport to send the packet as it is.
	NoCompress bool
	// Single says that there is one receiver: the transport need not keep a wire form that nobody else will ask for.
	Single bool

	home   *single // what Release gives back, if anything
	shared *Shared // whose memory has room before the data; nil for none

	form  [forms]atomic.Pointer[[]byte]
	form3 atomic.Pointer[[forms3]atomic.Pointer[[]byte]] // made when it is needed
}

// Prepare makes a packet ready to be sent many times. The packet's data must not change afterwards.
func Prepare(p Packet) *Prepared { return &Prepared{Packet: p} }

// Form returns the wire form f, built by build the first time. Two goroutines that ask at once may both build; one
// result is kept. The bytes must not be changed.
func (p *Prepared) Form(f Form, build func(Packet) []byte) []byte {
	slot := p.slot(f)
	if b := slot.Load(); b != nil {
		return *b
	}
	b := build(p.Packet)
	if !slot.CompareAndSwap(nil, &b) {
		return *slot.Load()
	}
	return b
}

// slot is where form f is kept.
func (p *Prepared) slot(f Form) *atomic.Pointer[[]byte] {
	if f < forms {
		return &p.form[f]
	}
	if p.form3.Load() == nil {
		p.form3.CompareAndSwap(nil, new([forms3]atomic.Pointer[[]byte]))
	}
	return &p.form3.Load()[f-forms]
}
