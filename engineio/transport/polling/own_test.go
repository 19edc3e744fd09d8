package polling

import (
	"strings"
	"testing"
)

// A receiver that keeps a small message must not keep the body it came in.
func TestSmallMessageLetsGoOfItsBody(t *testing.T) {
	body := []byte("4hello\x1e4" + strings.Repeat("x", 1000))
	for _, c := range []struct {
		name      string
		data      []byte
		shares    bool
		wantBytes string
	}{
		{"small", body[1:6], false, "hello"},
		{"most of the body", body[8:], true, strings.Repeat("x", 1000)},
	} {
		got := own(c.data, len(body))
		if string(got) != c.wantBytes {
			t.Errorf("%s: data changed", c.name)
		}
		if shares := &got[0] == &c.data[0]; shares != c.shares {
			t.Errorf("%s: shares the body's memory: %v, want %v", c.name, shares, c.shares)
		}
	}
}
