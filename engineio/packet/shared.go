package packet

import "sync/atomic"

// Shared is a packet with many receivers that brings memory for its data, and a little before it: what a transport puts
// before the data in a frame stands there, and so packet and frame are the same bytes. It is used as a [Prepared].
type Shared struct {
	Prepared
	list   [1]*Prepared
	memory []byte      // room for a head, and the data; the frame, once it is made
	taken  atomic.Bool // somebody makes a frame of memory
}

// headRoom is the length of the longest head: that of a WebSocket frame without a mask, and the type of the packet.
const headRoom = 11

// NewShared makes a packet for many receivers, which the caller fills: s.Fill(append(s.Room(), …)).
func NewShared(size int) *Shared {
	s := &Shared{memory: make([]byte, headRoom, headRoom+size)}
	s.shared = s
	s.list[0] = &s.Prepared
	return s
}

// Room is empty memory for the data.
func (s *Shared) Room() []byte { return s.memory[headRoom:] }

// Fill makes b, which is what Room was appended to, the data of a message.
func (s *Shared) Fill(b []byte) {
	s.Packet = Packet{Type: Message, Data: b}
	if size := headRoom + len(b); size <= cap(s.memory) {
		s.memory = s.memory[:size]
	} else {
		s.shared = nil // append has put it elsewhere
	}
}

// List is a list of this packet alone.
func (s *Shared) List() []*Prepared { return s.list[:] }

// Made returns the wire form f if it was built already, or nil.
func (p *Prepared) Made(f Form) []byte {
	if b := p.slot(f).Load(); b != nil {
		return *b
	}
	return nil
}

// Behind is [Prepared.Form] for a form that is a head and then the data as they are. For a [Shared] nothing is copied.
func (p *Prepared) Behind(f Form, head []byte) []byte {
	if s := p.shared; s != nil && len(head) <= headRoom && s.taken.CompareAndSwap(false, true) {
		start := headRoom - len(head)
		copy(s.memory[start:], head)
		s.memory = s.memory[start:]
		if slot := p.slot(f); !slot.CompareAndSwap(nil, &s.memory) {
			return *slot.Load() // two asked at once
		}
		return s.memory
	}
	return p.Form(f, func(Packet) []byte {
		return append(append(make([]byte, 0, len(head)+len(p.Data)), head...), p.Data...)
	})
}
