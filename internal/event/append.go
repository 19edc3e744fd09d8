package event

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/socketio-go/socketio/parser"
)

// maxDepth ends a map or slice that holds itself. encoding/json/v2 has the same one for other types.
const maxDepth = 1000

var errTooDeep = errors.New("values are nested too deep, or hold themselves")

// value writes v. The types that most arguments have take no reflection; the others go to encoding/json/v2.
func (e *encoder) value(v any, depth int) error {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case string:
		e.string(v)
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case int32:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case int64:
		e.buf = strconv.AppendInt(e.buf, v, 10)
	case uint:
		e.buf = strconv.AppendUint(e.buf, uint64(v), 10)
	case uint32:
		e.buf = strconv.AppendUint(e.buf, uint64(v), 10)
	case uint64:
		e.buf = strconv.AppendUint(e.buf, v, 10)
	case float64:
		e.number(v, 64)
	case float32:
		e.number(float64(v), 32)
	case []byte:
		e.attach(bytes.Clone(v))
	case Value:
		return e.received(v)
	case []any:
		return e.slice(v, depth+1)
	case map[string]any:
		return e.object(v, depth+1)
	default:
		return e.marshal(v)
	}
	return nil
}

func (e *encoder) number(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.buf = append(e.buf, "null"...)
		return
	}
	e.buf = parser.AppendNumber(e.buf, f, bits)
}

func (e *encoder) slice(s []any, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	e.buf = append(e.buf, '[')
	for i, v := range s {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := e.value(v, depth); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (e *encoder) object(m map[string]any, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	first := len(e.names)
	for name := range m {
		e.names = append(e.names, name)
	}
	slices.Sort(e.names[first:])
	e.buf = append(e.buf, '{')
	for i := range len(m) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		name := e.names[first+i]
		e.string(name)
		e.buf = append(e.buf, ':')
		if err := e.value(m[name], depth); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, '}')
	clear(e.names[first:])
	e.names = e.names[:first]
	return nil
}
