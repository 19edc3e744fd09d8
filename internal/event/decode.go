package event

import (
	"bytes"
	"encoding/json/v2"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// Decode stores the value in what dst points to, as encoding/json/v2 does, with the differences that the package comment
// lists. Attachments go where a []byte (or another slice of bytes) stands, or an any. Into an any it stores a
// map[string]any, []any, float64, string, bool, nil or []byte. Null stores the zero value.
//
// A []byte shares the memory of the attachment. A [Value] inside of dst has the attachments too.
func (v Value) Decode(dst any) error {
	if v.scalar(dst) {
		return nil
	}
	if p, ok := dst.(*any); ok && p != nil {
		return v.any(p)
	}
	t := reflect.TypeOf(dst)
	if v.packet() == nil || t == nil || t.Kind() != reflect.Pointer {
		return json.Unmarshal(v.Raw(), dst, options) // which also has the words for a dst that is no pointer
	}
	h := holds(t.Elem())
	if h == noBytes {
		return json.Unmarshal(v.Raw(), dst, options)
	}
	return v.unmarshal(dst, h)
}

// scalar stores the value if that takes no more than a look at it.
func (v Value) scalar(dst any) bool {
	switch dst := dst.(type) {
	case *Value:
		return store(dst, v, true)
	case *[]byte:
		data, ok := v.Binary()
		return store(dst, data, ok)
	case *string:
		s, ok := plainString(v.raw())
		return store(dst, s, ok)
	case *bool:
		yes := string(v.raw()) == "true"
		return store(dst, yes, yes || string(v.raw()) == "false")
	case *int:
		n, ok := plainInt(v.raw())
		return store(dst, n, ok)
	case *float64:
		f, err := strconv.ParseFloat(string(v.raw()), 64)
		return store(dst, f, err == nil && isNumber(v.raw()))
	}
	return false
}

func store[T any](dst *T, v T, ok bool) bool {
	if !ok || dst == nil {
		return false
	}
	*dst = v
	return true
}

// plainString reads a string without escapes.
func plainString(raw []byte) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return "", false
	}
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw), true
}

// safeDigits is how many digits always fit in an int.
const safeDigits = 9 * strconv.IntSize / 32

// plainInt reads a whole number that can't overflow.
func plainInt(raw []byte) (n int, ok bool) {
	digits := bytes.TrimPrefix(raw, []byte("-"))
	if len(digits) == 0 || len(digits) > safeDigits {
		return 0, false
	}
	for _, c := range digits {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if len(digits) < len(raw) {
		n = -n
	}
	return n, true
}

// isNumber tells a number from what else strconv takes for one, such as inf.
func isNumber(raw []byte) bool { return len(raw) > 0 && (raw[0] == '-' || raw[0]-'0' <= 9) }

// any decodes without a type to go by, then puts the attachments where their placeholders are.
func (v Value) any(dst *any) error {
	var x any
	if err := json.Unmarshal(v.Raw(), &x, options); err != nil {
		return err
	}
	if v.packet() != nil {
		x = v.restore(x)
	}
	*dst = x
	return nil
}

func (v Value) restore(x any) any {
	switch x := x.(type) {
	case map[string]any:
		if x["_placeholder"] == true {
			if num, ok := x["num"].(float64); ok && num >= 0 && int(num) < len(*v.packet()) {
				return v.attachment(int(num))
			}
		}
		for name, member := range x {
			x[name] = v.restore(member)
		}
	case []any:
		for i, element := range x {
			x[i] = v.restore(element)
		}
	}
	return x
}
