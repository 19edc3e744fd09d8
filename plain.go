package socketio

import (
	"strconv"

	"github.com/socketio-go/socketio/parser"
)

// plainData puts the attachments where their placeholders stand, as JSON.stringify writes a Buffer:
// {"type":"Buffer","data":[…]}. The data is what event.AppendEvent wrote, so every placeholder in it is one.
func plainData(data []byte, attachments [][]byte) []byte {
	size := len(data)
	for _, a := range attachments {
		size += 4 * len(a)
	}
	out := make([]byte, 0, size)
	inString := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inString && c == '\\':
			out = append(out, c)
			i++
			c = data[i]
		case c == '"':
			inString = !inString
		case c == '{' && !inString:
			if num, size, ok := parser.Placeholder(data[i:]); ok && num < len(attachments) {
				out = appendBuffer(out, attachments[num])
				i += size - 1
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

func appendBuffer(dst, bytes []byte) []byte {
	dst = append(dst, `{"type":"Buffer","data":[`...)
	for i, b := range bytes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendUint(dst, uint64(b), 10)
	}
	return append(dst, `]}`...)
}
