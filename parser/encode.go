package parser

import "strconv"

// AppendText appends the text of the packet and returns the extended slice (Socket.IO protocol 5, "Packet encoding").
// An Event or Ack with attachments becomes a BINARY_EVENT or BINARY_ACK: the text must then be followed by the
// attachments as binary messages, in order, with no other message between them.
//
// It trusts its packet: the namespace begins with a slash and holds no comma, the data is JSON that this type may bear,
// and there is one placeholder for each attachment.
func (p Packet) AppendText(dst []byte) []byte {
	t := p.Type
	switch t { // decoded packets bear the plain types, so the binary ones need no trust
	case BinaryEvent:
		t = Event
	case BinaryAck:
		t = Ack
	}
	if dst == nil {
		dst = make([]byte, 0, p.TextLen())
	}
	if n := len(p.Attachments); n > 0 && (t == Event || t == Ack) {
		dst = append(dst, '0'+byte(t-Event+BinaryEvent))
		dst = strconv.AppendInt(dst, int64(n), 10)
		dst = append(dst, '-')
	} else {
		dst = append(dst, '0'+byte(t))
	}
	if p.Namespace != "" && p.Namespace != "/" {
		dst = append(dst, p.Namespace...)
		dst = append(dst, ',')
	}
	if p.HasID {
		dst = strconv.AppendUint(dst, p.ID, 10)
	}
	return append(dst, p.Data...)
}

// TextLen is the number of bytes that [Packet.AppendText] appends, or a few more.
func (p Packet) TextLen() int {
	n := 1 + len(p.Data)
	if len(p.Namespace) > 1 {
		n += len(p.Namespace) + 1
	}
	if p.HasID {
		n += decimals(p.ID)
	}
	if len(p.Attachments) > 0 {
		n += decimals(uint64(len(p.Attachments))) + 1
	}
	return n
}

// decimals is how many digits n has.
func decimals(n uint64) int {
	d := 1
	for ; n > 9; n /= 10 {
		d++
	}
	return d
}

// String names the type as the protocol does, for logs and test output.
func (t Type) String() string {
	switch t {
	case Connect:
		return "CONNECT"
	case Disconnect:
		return "DISCONNECT"
	case Event:
		return "EVENT"
	case Ack:
		return "ACK"
	case ConnectError:
		return "CONNECT_ERROR"
	case BinaryEvent:
		return "BINARY_EVENT"
	case BinaryAck:
		return "BINARY_ACK"
	}
	return "unknown"
}
