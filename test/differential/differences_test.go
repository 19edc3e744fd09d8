package differential

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/socketio-go/socketio/parser"
)

// difference is one way in which the two parsers may differ, and why. A disagreement that fits none is a failure.
type difference struct {
	id     string
	theirs string // what the JavaScript parser does
	ours   string
	reason string
	// fits reports whether the text, of the packet that is being read when the two part, is such a one. It looks at the
	// text alone, so that a fault of ours can't hide behind what we say of it.
	fits func(h header) bool
	// examples are sequences on which the two part in this way.
	examples [][]frame
}

var differences = []difference{
	{
		id:       "no type",
		theirs:   "an empty text, or one that begins with a blank, is a CONNECT: `Number(\" \")` is 0",
		ours:     "refused",
		reason:   "the protocol has no such packet, and no client sends one",
		fits:     func(h header) bool { return h.text == "" || isBlank(firstRune(h.text)) },
		examples: [][]frame{{textFrame("")}, {textFrame(" ")}, {textFrame("\u00a0")}},
	},
	{
		id:       "no payload",
		theirs:   "an EVENT, ACK or CONNECT_ERROR, or their binary kin, may lack its payload, whose value is then undefined",
		ours:     "refused",
		reason:   "an event without a name is none, and no encoder writes one",
		fits:     func(h header) bool { return h.payload == "" && strings.IndexByte("23456", h.kind) >= 0 },
		examples: [][]frame{{textFrame("2")}, {textFrame("3/admin,5")}, {textFrame("4")}, {textFrame("51-"), binaryFrame([]byte{1})}},
	},
	{
		id:       "blanks in an id",
		theirs:   "blanks before, in or behind an id are digits of it, also those that JSON does not know; blanks alone are the id 0, and an id with a blank inside is NaN",
		ours:     "blanks before JSON belong to the JSON; others are refused",
		reason:   "an accident of `Number(c) != c`; no client writes blanks",
		fits:     func(h header) bool { return strings.ContainsFunc(h.id, isBlank) },
		examples: [][]frame{{textFrame(`2 ["a"]`)}, {textFrame(`2 1["a"]`)}, {textFrame(`21 2["a"]`)}, {textFrame("1\n")}},
	},
	{
		id:       "large ids",
		theirs:   "an id above 2^53 is rounded, to Infinity in the end",
		ours:     "exact up to 2^64-1, and refused above",
		reason:   "an answer with a rounded id would answer another question",
		fits:     func(h header) bool { return tooLarge(h.id) },
		examples: [][]frame{{textFrame(`29007199254740993["a"]`)}, {textFrame(`218446744073709551616["a"]`)}},
	},
	{
		id:       "numbers of attachments",
		theirs:   "whatever is a number to JavaScript counts: `1.0`, `1e0`, `+1`, `0x1`, ` 1`",
		ours:     "refused, unless it is plain decimal digits",
		reason:   "the protocol says number, and every encoder writes digits",
		fits:     func(h header) bool { return h.binary() && strings.Trim(h.attachments, "0123456789") != "" },
		examples: [][]frame{{textFrame(`51e0-["a",{"_placeholder":true,"num":0}]`), binaryFrame([]byte{1})}},
	},
	{
		id:     "placeholders",
		theirs: "an attachment may have no placeholder, or several; one may ask for the attachment 0.5, which is undefined, hold objects, say twice whether it is one, or be hidden by a later member of the same name. Those that ask for none are refused, but only when all attachments have come",
		ours:   "refused, and when the text comes: each attachment has its one placeholder, which holds no object or array and does not take back what it said; those that a later member hides count",
		reason: "attachments that nobody can see, or that stand in many places, cost memory for nothing; and placeholders are counted in one pass, before anything is kept",
		fits:   func(h header) bool { return h.binary() && h.oddPlaceholders() },
		examples: [][]frame{
			{textFrame(`51-["a"]`), binaryFrame([]byte{1})},
			{textFrame(`51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]`), binaryFrame([]byte{1})},
			{textFrame(`51-["a",{"_placeholder":true,"num":0,"x":{}}]`), binaryFrame([]byte{1})},
			{textFrame(`51-["a",{"_placeholder":true,"num":5}]`)},
			{textFrame(`51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"_placeholder":[]}]`), binaryFrame([]byte{1})},
			{textFrame(`51-["a",{"_placeholder":true,"num":0},{"b":{"_placeholder":true},"b":1}]`), binaryFrame([]byte{1})},
		},
	},
	{
		id:       "depth",
		theirs:   "no limit, or that of the stack for a packet with attachments",
		ours:     "refused above 512, an option",
		reason:   "what is nested without end costs whoever walks it",
		fits:     func(h header) bool { return h.depth() > 512 },
		examples: [][]frame{{textFrame(`2["a",` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "]")}},
	},
	{
		id:       "arguments",
		theirs:   "no limit",
		ours:     "refused above 1,000, an option",
		reason:   "each costs the receiver an allocation, or more",
		fits:     func(h header) bool { return h.arguments() > 1000 },
		examples: [][]frame{{textFrame(`2["a"` + strings.Repeat(",1", 1001) + "]")}},
	},
	{
		id:     "bytes of attachments",
		theirs: "no limit for all attachments of a packet together",
		ours:   "refused above 1,000,000, an option that follows `MaxPayload`",
		reason: "ten attachments of the largest message would be ten times what one message may cost",
		fits:   func(h header) bool { return h.binary() && h.bytes > 1_000_000 },
		examples: [][]frame{{textFrame(`52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`),
			binaryFrame(make([]byte, 600_000)), binaryFrame(make([]byte, 600_000))}},
	},
}

// header is a packet's text taken apart as the JavaScript parser does it.
type header struct {
	text        string
	kind        byte // the first byte
	attachments string
	id          string // with what counts as a digit there
	payload     string
	bytes       int // of the attachments that came
}

func takeApart(text string, bytes int) header {
	h := header{text: text, bytes: bytes}
	if text == "" {
		return h
	}
	h.kind = text[0]
	rest := text[1:]
	if h.binary() {
		h.attachments, rest, _ = strings.Cut(rest, "-")
	}
	if strings.HasPrefix(rest, "/") {
		_, rest, _ = strings.Cut(rest, ",")
	}
	h.payload = strings.TrimLeftFunc(rest, func(r rune) bool { return r >= '0' && r <= '9' || isBlank(r) })
	h.id = strings.TrimSuffix(rest, h.payload)
	return h
}

func (h header) binary() bool { return h.kind == '5' || h.kind == '6' }

func firstRune(s string) rune { return []rune(s)[0] }

// isBlank reports whether Number takes a character for nothing at all (ECMAScript, "StrWhiteSpaceChar").
func isBlank(r rune) bool {
	return r == '\ufeff' || r == '\u2028' || r == '\u2029' || r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' || unicode.Is(unicode.Zs, r)
}

func tooLarge(id string) bool {
	f, err := strconv.ParseFloat(id, 64)
	return err != nil && math.IsInf(f, 1) || err == nil && f >= 1<<53
}

// json is the payload, if it is JSON, in which the predicates then look.
func (h header) json() (v any, ok bool) {
	trimmed := bytes.TrimSpace([]byte(h.payload))
	if len(trimmed) == 0 {
		return nil, false
	}
	// Whether it is JSON at all is the one thing that is left to the decoder: as an ACK without limits.
	d := parser.Decoder{Limits: parser.Limits{Depth: len(h.payload) + 1, Arguments: len(h.payload) + 1}}
	if _, _, err := d.Text(append([]byte("3"), trimmed...)); err != nil {
		return nil, false
	}
	return value(trimmed), true
}

// oddPlaceholders reports whether some attachment has not exactly one placeholder, or a placeholder is an odd one.
func (h header) oddPlaceholders() bool {
	v, ok := h.json()
	n, err := strconv.Atoi(h.attachments)
	if !ok || err != nil {
		return false
	}
	seen := map[float64]int{}
	odd := false
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				look(e)
			}
		case object:
			odd = odd || v[twice] != nil
			if num, ok := placeholder(v); ok {
				seen[num]++
				for _, member := range v {
					switch member.(type) {
					case []any, object:
						odd = true
					}
				}
				return
			}
			for _, member := range v {
				look(member)
			}
		}
	}
	look(v)
	for i := range n {
		if seen[float64(i)] != 1 {
			return true
		}
	}
	return odd || len(seen) != n
}

func (h header) depth() int {
	v, _ := h.json()
	var deep func(v any) int
	deep = func(v any) int {
		most := 0
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				most = max(most, deep(e))
			}
			return most + 1
		case object:
			for _, e := range v {
				most = max(most, deep(e))
			}
			return most + 1
		}
		return 0
	}
	return deep(v)
}

func (h header) arguments() int {
	v, _ := h.json()
	list, _ := v.([]any)
	if h.kind == '2' || h.kind == '5' {
		return len(list) - 1
	}
	return len(list)
}
