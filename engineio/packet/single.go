package packet

import "sync"

// single is a packet with one receiver, and the memory that it brings. It serves one such packet after the other.
type single struct {
	Prepared
	list [4]*Prepared
	room []byte
}

// maxRoom is how much memory for data is used again.
const maxRoom = 2 << 10

var singles = sync.Pool{New: func() any {
	s := new(single)
	s.home = s
	return s
}}

// NewSingle makes a packet for one receiver, which the caller fills, with [Prepared.Room] for size bytes of data. Its memory
// is used again: who has taken it out of an outbox, and has it nowhere else, calls [Prepared.Release]; who wants it for
// longer calls [Prepared.Keep] before. A packet that is forgotten without either is garbage like any other.
func NewSingle(size int) *Prepared {
	s := singles.Get().(*single)
	s.Single = true
	if cap(s.room) < size {
		s.room = make([]byte, 0, size)
	}
	return &s.Prepared
}

// Room is empty memory for the data of a packet that [NewSingle] made.
func (p *Prepared) Room() []byte { return p.home.room[:0] }

// Fill makes b the data of a packet that [NewSingle] made: what [Prepared.Room] was appended to. If it had to grow, its memory
// is the packet's from now on.
func (p *Prepared) Fill(b []byte) {
	p.home.room = b
	p.Packet = Packet{Type: Message, Data: b}
}

// List is a list of this packet, which [NewSingle] made, with room for three more. It lives as long as the packet.
func (p *Prepared) List() []*Prepared {
	p.home.list[0] = p
	return p.home.list[:1]
}

// Keep makes Release do nothing.
func (p *Prepared) Keep() {
	if p.home != nil { // or it may be anybody's
		p.home = nil
	}
}

// Release gives the memory of a packet that [NewSingle] made back. Of any other packet it leaves all as it is.
func (p *Prepared) Release() {
	s := p.home
	if s == nil {
		return
	}
	s.Packet, s.NoCompress = Packet{}, false
	for i := range s.form {
		if s.form[i].Load() != nil {
			s.form[i].Store(nil)
		}
	}
	if s.form3.Load() != nil {
		s.form3.Store(nil)
	}
	clear(s.list[:])
	if cap(s.room) > maxRoom {
		s.room = nil
	}
	singles.Put(s)
}
