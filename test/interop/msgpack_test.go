package interop

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/parser"
	"github.com/socketio-go/socketio/parser/msgpack"
	"github.com/socketio-go/socketio/test/nodejs"
)

// theirs is a packet as the npm package reads it.
type theirs struct {
	Type int      `json:"type"`
	NSP  string   `json:"nsp"`
	ID   *float64 `json:"id"`
	Data any      `json:"data"`
}

type verdict struct {
	message []byte
	packet  *theirs // nil when it is refused
}

func verdicts(t *testing.T, out string) (list []verdict) {
	t.Helper()
	for line := range strings.Lines(out) {
		var text string
		var v verdict
		if err := json.Unmarshal([]byte(line), &[]any{&text, &v.packet}); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		var err error
		if v.message, err = hex.DecodeString(text); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// Thousands of messages, whole and damaged, read here and by the npm package; what both take is written here and read
// there. The package's story lists where the two differ, and excuse has the same list.
func TestMsgpackAgreesWithReference(t *testing.T) {
	made := verdicts(t, nodejs.Run(t, nil, "msgpack.mjs", "make", "3000", "7"))
	decoder := msgpack.Dialect{}.NewDecoder(parser.Limits{})
	var taken []verdict
	var again bytes.Buffer
	excuses := map[string]int{}
	for _, v := range made {
		p, _, err := decoder.Binary(v.message)
		switch {
		case err == nil && v.packet == nil:
			t.Errorf("%x: taken here as %+v, refused there", v.message, p)
		case err != nil && v.packet != nil:
			why := excuse(err, v.packet)
			if why == "" {
				t.Errorf("%x: refused here (%v), there %+v", v.message, err, v.packet)
			}
			excuses[why]++
		case err == nil:
			if ours := asTheirs(t, p); !same(ours, v.packet) {
				t.Errorf("%x: here %+v, there %+v", v.message, ours, v.packet)
			}
			taken = append(taken, v)
			ms, err := msgpack.Dialect{}.AppendMessages(nil, p)
			if err != nil {
				t.Fatal(err)
			}
			again.WriteString(hex.EncodeToString(ms[0].Data) + "\n")
		}
	}
	t.Logf("%d messages, %d taken by both; refused only here: %v", len(made), len(taken), excuses)
	if len(taken) < len(made)/10 || excuses["an odd key"] > len(made)/100 {
		t.Errorf("of %d messages %d are taken by both; refused only here: %v", len(made), len(taken), excuses)
	}

	file := filepath.Join(t.TempDir(), "messages")
	if err := os.WriteFile(file, again.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, v := range verdicts(t, nodejs.Run(t, nil, "msgpack.mjs", "read", file)) {
		if v.packet == nil || !same(v.packet, taken[i].packet) {
			t.Errorf("%x, written here out of %x, is read there as %+v", v.message, taken[i].message, v.packet)
		}
	}
}

// excuse is why a packet that the package takes is refused here, "" if it should not be.
func excuse(err error, p *theirs) string {
	var e *parser.Error
	if !errors.As(err, &e) {
		return ""
	}
	args, _ := p.Data.([]any)
	switch {
	case e.Reason == parser.IllegalNamespace && !strings.HasPrefix(p.NSP, "/"):
		return "a namespace without a slash"
	case e.Reason == parser.IllegalID && p.ID != nil && (*p.ID < 0 || *p.ID >= math.MaxUint64):
		return "an id below zero or beyond 64 bits"
	case e.Reason == parser.InvalidPayload && p.Type == 2:
		if len(args) == 0 {
			return "no name"
		}
		switch args[0].(type) {
		case string, float64:
			return ""
		}
		return "a name of another kind"
	case e.Reason == parser.ReservedEvent && p.Type == 2:
		if name, _ := args[0].(string); parser.IsReserved(name) {
			return "a reserved name"
		}
	case e.Reason == parser.Malformed:
		return "an odd key" // arrays, maps and bytes can't be told any more in what the package has made of them
	case e.Reason == parser.IllegalPlaceholder:
		return "a look-alike"
	}
	return ""
}

func asTheirs(t *testing.T, p parser.Packet) *theirs {
	t.Helper()
	q := &theirs{Type: int(p.Type), NSP: p.Namespace}
	if p.HasID {
		id := float64(p.ID)
		q.ID = &id
	}
	if p.Data == nil {
		return q
	}
	if err := json.Unmarshal(p.Data, &q.Data); err != nil {
		t.Fatalf("%q: %v", p.Data, err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			if num, ok := v["num"].(float64); ok && v["_placeholder"] == true && len(p.Attachments) > 0 {
				return map[string]any{"$": hex.EncodeToString(p.Attachments[int(num)])}
			}
			for k := range v {
				v[k] = walk(v[k])
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		}
		return v
	}
	q.Data = walk(q.Data)
	return q
}

var replaced = regexp.MustCompile("\ufffd+")

// same compares packets, but for two liberties: how many U+FFFD stand for bytes that are no text, and the property
// __proto__, which JavaScript does not keep.
func same(a, b *theirs) bool {
	var tidy func(any) any
	tidy = func(v any) any {
		switch v := v.(type) {
		case string:
			return replaced.ReplaceAllString(v, "\ufffd")
		case map[string]any:
			m := map[string]any{}
			for k := range v {
				if k != "__proto__" {
					m[replaced.ReplaceAllString(k, "\ufffd")] = tidy(v[k])
				}
			}
			return m
		case []any:
			list := make([]any, len(v))
			for i := range v {
				list[i] = tidy(v[i])
			}
			return list
		}
		return v
	}
	x, y := *a, *b
	x.Data, y.Data, x.NSP, y.NSP = tidy(x.Data), tidy(y.Data), tidy(x.NSP).(string), tidy(y.NSP).(string)
	return reflect.DeepEqual(x, y)
}
