package polling

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// The polling of browsers that know no requests across origins, in protocol 3 alone: what is sent to them comes as a
// script that calls a function of theirs, and what they send is a field of a form.

// callback is the number of the function that the answer to r is to call. It reports whether there is to be one: whether
// the query has a j.
//
// Nothing but its digits is repeated in the script, which would else be a way to have any code come from this server.
func callback(r *http.Request) (j string, ok bool) {
	query := r.URL.RawQuery
	if !strings.HasPrefix(query, "j=") && !strings.Contains(query, "&j=") {
		return "", false
	}
	values, ok := r.URL.Query()["j"]
	if !ok {
		return "", false
	}
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, values[0]), true
}

// appendScript appends the call of function j with a text.
func appendScript(dst []byte, j string, text []byte) []byte {
	dst = append(append(append(dst, "___eio["...), j...), "]("...)
	return append(appendString(dst, text), ");"...)
}

// appendString appends text as a literal of JavaScript: JSON, without the two characters that JSON allows in a string
// and JavaScript before 2019 takes for the end of a line (ECMAScript 2019, "JSON superset").
func appendString(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', byte(c))
		case c < ' ' || c == '<':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c == '\u2028' || c == '\u2029':
			dst = append(dst, '\\', 'u', '2', '0', '2', hex[c&15])
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return append(dst, '"')
}

// newlines are what a client does to its payload, undone: it writes a line feed as \n, for a form would make two
// characters of it, and what was \n before as \\n.
var newlines = strings.NewReplacer(`\\n`, `\n`, `\n`, "\n")

// formData is the payload in the body of a form: its field d, or nothing.
func formData(body []byte) []byte {
	for len(body) > 0 {
		var field []byte
		field, body, _ = bytes.Cut(body, []byte{'&'})
		if value, ok := bytes.CutPrefix(field, []byte("d=")); ok {
			text, err := url.QueryUnescape(string(value))
			if err != nil {
				return nil
			}
			return []byte(newlines.Replace(text))
		}
	}
	return nil
}
