package polling

import (
	"bytes"
	"encoding/json/v2"
	"net/url"
	"strings"
	"testing"
)

// Any text comes out of the script as it went in, and none ends the string, the line or the element it stands in.
func FuzzScript(f *testing.F) {
	f.Add([]byte("6:4hello"))
	f.Add([]byte("a\"b\\c\nd\u2028e\u2029f</script>\x00\x7f"))
	f.Add([]byte("é€😀"))
	f.Fuzz(func(t *testing.T, text []byte) {
		text = readable(text) // as every payload is
		script := appendScript(nil, "12", text)
		quoted, ok := bytes.CutPrefix(script, []byte("___eio[12]("))
		quoted, ok2 := bytes.CutSuffix(quoted, []byte(");"))
		var got string
		if err := json.Unmarshal(quoted, &got); !ok || !ok2 || err != nil || got != string(text) {
			t.Fatalf("%q is written as %q: %v", text, script, err)
		}
		if bytes.ContainsAny(quoted, "<\n\r\u2028\u2029") {
			t.Fatalf("%q is written as %q", text, script)
		}
	})
}

// A payload that a client puts into a form comes out as it was, and what is no form is nothing.
func FuzzForm(f *testing.F) {
	f.Add("6:4hello", "d=6%3A4hello")
	f.Add("4:4a\nb", `d=4%3A4a\nb`)
	f.Add(`5:4a\nb`, `x=1&d=5%3A4a\\nb&d=2`)
	f.Add("", "d=%")
	f.Fuzz(func(t *testing.T, payload, body string) {
		// The client's own way of writing it (engine.io-client 3, polling-jsonp).
		escaped := strings.ReplaceAll(payload, `\n`, `\\n`)
		escaped = strings.ReplaceAll(escaped, "\n", `\n`)
		// Of a backslash in front of a line feed the client makes what it makes of a written one: that is lost on its side.
		if !strings.Contains(payload, "\\\n") && !strings.Contains(payload, `\\n`) {
			form := "t=1&d=" + url.QueryEscape(escaped)
			if got := formData([]byte(form)); string(got) != payload {
				t.Fatalf("%q comes out of %q as %q", payload, form, got)
			}
		}
		if got := formData([]byte(body)); len(got) > len(body) {
			t.Fatalf("%q has a payload of %q", body, got)
		}
	})
}
