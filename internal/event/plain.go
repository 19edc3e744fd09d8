package event

import (
	"encoding/json/jsontext"
	"strconv"
)

// AppendPlain is [AppendArgs] for what most answers are made of, behind what is in dst already: texts, whole numbers, truth
// values, null, and values as they came, without attachments. It reports whether that is all; if not, what it has appended
// is of no use. It saves the detour over lent memory (BenchmarkAppendPlain).
func AppendPlain(dst []byte, args []any) (_ []byte, ok bool) {
	dst = append(dst, '[')
	for i, v := range args {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch v := v.(type) {
		case Value:
			if v.packet() != nil {
				return dst, false
			}
			dst = append(dst, v.Raw()...)
		case string:
			dst, _ = jsontext.AppendQuote(dst, v) // see encoder.string
		case int:
			dst = strconv.AppendInt(dst, int64(v), 10)
		case int64:
			dst = strconv.AppendInt(dst, v, 10)
		case bool:
			dst = strconv.AppendBool(dst, v)
		case nil:
			dst = append(dst, "null"...)
		default:
			return dst, false
		}
	}
	return append(dst, ']'), true
}
