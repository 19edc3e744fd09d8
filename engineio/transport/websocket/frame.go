package websocket

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
)

// frame is the frame of a packet, as a server sends it: one message, not fragmented, not masked. It is the [packet.Frame]
// form, shared by all receivers.
func frame(p *packet.Prepared) []byte {
	if f := p.Made(packet.Frame); f != nil {
		return f
	}
	var room [maxHead]byte
	return p.Behind(packet.Frame, appendHead(room[:0], p))
}

// textFrame is the same for a peer that can't take binary frames: binary messages become base64.
func textFrame(p packet.Packet) []byte {
	n := p.RecordLen()
	return p.AppendRecord(appendHeader(make([]byte, 0, ws.MaxHeaderSize+n), ws.OpText, n))
}

// frame3 builds the frame of a binary packet for a peer of protocol 3: its type comes first.
func frame3(p packet.Packet) []byte {
	n := 1 + len(p.Data)
	return p.AppendBytes3(appendHeader(make([]byte, 0, ws.MaxHeaderSize+n), ws.OpBinary, n))
}

// textFrame3 is textFrame for a peer of protocol 3, where a binary packet keeps its type.
func textFrame3(p packet.Packet) []byte {
	n := p.TextLen3()
	return p.AppendText3(appendHeader(make([]byte, 0, ws.MaxHeaderSize+n), ws.OpText, n))
}

// maxHead is the most that stands before the data of a packet in its frame.
const maxHead = ws.MaxHeaderSize + 1

// appendHead appends what stands before the data of a packet in the frame of [frame].
func appendHead(dst []byte, p *packet.Prepared) []byte {
	if p.Binary {
		return appendHeader(dst, ws.OpBinary, len(p.Data))
	}
	return append(appendHeader(dst, ws.OpText, 1+len(p.Data)), '0'+byte(p.Type))
}

// headLen is the number of bytes that [appendHead] appends.
func headLen(p *packet.Prepared) int {
	n, size := len(p.Data), 2
	if !p.Binary {
		n, size = n+1, 3
	}
	switch {
	case n < 126:
		return size
	case n <= 0xffff:
		return size + 2
	}
	return size + 8
}

// appendHeader appends the header of a final, unmasked frame with n bytes of payload (RFC 6455 section 5.2).
func appendHeader(dst []byte, op ws.OpCode, n int) []byte {
	dst = append(dst, 0x80|byte(op))
	switch {
	case n < 126:
		return append(dst, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
}

// closeFrame builds a close frame. [CodeNoStatus] makes it empty.
func closeFrame(code int, reason string) []byte {
	if code == CodeNoStatus {
		return appendHeader(nil, ws.OpClose, 0)
	}
	const room = ws.MaxControlFramePayloadSize - 2
	if len(reason) > room {
		reason = reason[:room]
	}
	b := appendHeader(make([]byte, 0, 4+len(reason)), ws.OpClose, 2+len(reason))
	b = binary.BigEndian.AppendUint16(b, uint16(code))
	return append(b, reason...)
}

// parseClose reads the payload of the peer's close frame (RFC 6455 sections 5.5.1 and 7.4).
func parseClose(data []byte) *CloseError {
	if len(data) == 0 {
		return &CloseError{Code: CodeNoStatus, Peer: true}
	}
	if len(data) == 1 {
		return &CloseError{Code: CodeProtocolError, Reason: "close frame with half a code"}
	}
	code, reason := int(binary.BigEndian.Uint16(data)), string(data[2:])
	switch {
	case !validCode(code):
		return &CloseError{Code: CodeProtocolError, Reason: "close frame with a code that is not for use"}
	case !utf8.ValidString(reason):
		return &CloseError{Code: CodeInvalidData, Reason: "close frame with invalid UTF-8"}
	}
	return &CloseError{Code: code, Reason: reason, Peer: true}
}

// validCode reports whether a close frame may carry code: those that are registered, and the two ranges for libraries and
// applications (RFC 6455 section 7.4, IANA "WebSocket Close Code Number Registry").
func validCode(code int) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code >= 1000 && code <= 1014:
		return code != 1004 && code != 1005 && code != 1006
	}
	return false
}
