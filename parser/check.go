package parser

import "math"

// Check says whether a packet is one that a [MessageDecoder] may return, within the limits: the namespace begins with a
// slash, the data is JSON such as the type may bear, and each attachment has its one placeholder. It is for the decoders of
// other dialects; a [Decoder] has checked its packets. The offset of the error, an [*Error], is in the data.
//
// Attachments to a [Connect] or [ConnectError] are fine as long as they stand inside of an object.
func (p Packet) Check(l Limits) error {
	l = l.WithDefaults()
	size := 0
	for _, a := range p.Attachments {
		size += len(a)
	}
	switch {
	case p.Type > ConnectError:
		return &Error{Reason: UnknownType}
	case len(p.Namespace) == 0 || p.Namespace[0] != '/':
		return &Error{Reason: IllegalNamespace}
	case len(p.Attachments) > l.Attachments:
		return &Error{Reason: TooManyAttachments}
	case size > l.AttachmentBytes:
		return &Error{Reason: AttachmentsTooLarge}
	}
	if e := checkPayload(p.Data, &header{kind: p.Type, attachments: len(p.Attachments)}, &l); e != nil {
		return e
	}
	return nil
}

// checkPayload says whether the JSON behind the header is JSON, and such as this packet type may bear (Socket.IO
// protocol 5, "Packet types").
func checkPayload(data []byte, h *header, limits *Limits) *Error {
	if h.end == len(data) {
		// An event without a name, an answer without arguments and a refusal without a reason are no packets.
		if h.kind == Connect || h.kind == Disconnect {
			return nil
		}
		return &Error{InvalidPayload, h.end}
	}
	if h.kind == Event || h.kind == Ack {
		first, elements, plain := plainArray(data, h.end, h.attachments)
		switch {
		case !plain || elements > limits.Arguments || h.attachments > 0 && limits.Depth < 2:
		case h.kind == Ack || len(first) > 0 && !IsReserved(string(first)):
			return nil
		}
	}
	return scanPayload(data, h, limits)
}

// scanPayload is checkPayload for any payload.
func scanPayload(data []byte, h *header, limits *Limits) *Error {
	s := scan{data: data, pos: h.end, maxDepth: limits.Depth, maxElements: math.MaxInt, attachments: h.attachments}
	switch h.kind {
	case Disconnect:
		return &Error{InvalidPayload, h.end}
	case Event:
		s.maxElements = limits.Arguments
		if s.maxElements < math.MaxInt {
			s.maxElements++ // the name
		}
	case Ack:
		s.maxElements = limits.Arguments
	}
	if r := s.run(); r != "" {
		return &Error{r, s.pos}
	}
	var valid bool
	switch h.kind {
	case Connect:
		valid = s.kind == '{'
	case ConnectError:
		valid = s.kind == '{' || s.kind == '"'
	case Ack:
		valid = s.kind == '['
	case Event:
		valid = s.kind == '[' && len(s.first) > 0 && isName(s.first)
		if valid && s.first[0] == '"' && reservedLiteral(s.first) {
			return &Error{ReservedEvent, h.end}
		}
	}
	if !valid {
		return &Error{InvalidPayload, h.end}
	}
	return nil
}
