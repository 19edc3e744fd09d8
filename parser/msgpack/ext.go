package msgpack

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/parser"
)

// The ext types that mean something.
const (
	notepackType  = 0  // undefined, a Date or an ArrayBuffer, by its size
	timestampType = -1 // MessagePack specification, "Timestamp extension type"
)

// extension writes an ext, and tells what it is and whether it is anything.
func (r *reader) extension(tok token) (k kind, there bool, reason parser.Reason) {
	b := tok.bytes
	switch {
	case tok.ext == notepackType && !tok.fixed:
		return binKind, true, r.attach(b)
	case tok.ext == notepackType && len(b) == 1:
		return nilKind, false, ""
	case tok.ext == notepackType && len(b) == 8:
		r.out = appendDate(r.out, int64(binary.BigEndian.Uint64(b)))
		return dateKind, true, ""
	case tok.ext == timestampType:
		if ms, ok := timestamp(b); ok {
			r.out = appendDate(r.out, ms)
			return dateKind, true, ""
		}
	}
	r.out = append(r.out, '[')
	r.out = strconv.AppendInt(r.out, int64(tok.ext), 10)
	r.out = append(r.out, ',')
	reason = r.attach(b)
	r.out = append(r.out, ']')
	return arrayKind, true, reason
}

// timestamp reads the three forms of a timestamp, as milliseconds of Unix time.
func timestamp(b []byte) (ms int64, ok bool) {
	var seconds int64
	var nanos uint64
	switch len(b) {
	case 4:
		seconds = int64(binary.BigEndian.Uint32(b))
	case 8:
		n := binary.BigEndian.Uint64(b)
		nanos, seconds = n>>34, int64(n&(1<<34-1))
	case 12:
		nanos, seconds = uint64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint64(b[4:]))
	default:
		return 0, false
	}
	if nanos > 999_999_999 {
		return 0, false
	}
	if seconds > maxDate/1000 || seconds < -maxDate/1000 {
		return math.MaxInt64, true // beyond every Date
	}
	return seconds*1000 + int64(nanos/1_000_000), true
}

// maxDate is how far a Date reaches either way from 1970, in milliseconds (ECMA-262, "Time Values and Time Range").
const maxDate = 8_640_000_000_000_000

// appendDate writes a Date as JSON.stringify does (ECMA-262, "Date Time String Format").
func appendDate(dst []byte, ms int64) []byte {
	if ms > maxDate || ms < -maxDate {
		return append(dst, "null"...)
	}
	t := time.UnixMilli(ms).UTC()
	if year := t.Year(); year >= 0 && year <= 9999 {
		return t.AppendFormat(dst, `"2006-01-02T15:04:05.000Z"`)
	} else if year < 0 {
		dst = fmt.Appendf(dst, `"-%06d`, -year)
	} else {
		dst = fmt.Appendf(dst, `"+%06d`, year)
	}
	return t.AppendFormat(dst, `-01-02T15:04:05.000Z"`)
}
