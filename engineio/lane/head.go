package lane

import (
	"bytes"
	"net/http"
	"net/textproto"
)

// Head is the head of a plain request (RFC 9112 section 2.1). What points to bytes points into those that were read, and is
// gone with the next request.
type Head struct {
	Post   bool   // it is a POST, and else a GET
	Key    []byte // Sec-WebSocket-Key of a GET that asks for a WebSocket connection
	Path   []byte // starts with a slash, and has no escapes
	Query  []byte // what follows the first question mark, escapes and all
	Length int    // of the body

	// Of the header, each there once or not at all.
	Host, Origin, ContentType, UserAgent, AcceptEncoding []byte

	Size   int    // of the head, in bytes
	Fields []byte // the lines of the header, each with its end
	length [2]int // where in Fields that of Content-Length is; nowhere if both are 0
	key    [2]int // and that of the key

	asks, to bool // there is Connection: Upgrade, Upgrade: websocket
}

// Upgrade reports whether the request is for a WebSocket connection.
func (h *Head) Upgrade() bool { return h.asks && h.to }

// shape is what a parser makes of the beginning of a stream.
type shape uint8

const (
	partial shape = iota // of a head: the end has not come
	odd                  // not of a plain request; where it ends is not known
	plain
)

const (
	maxFields = 64      // more are not plain
	maxLength = 1 << 30 // of a body; what fits into an int everywhere
)

// parse reads the head of a request. It takes what every client writes and no more: a single space here and a single CRLF
// there, no folded line, no absolute URL, nothing in the path that would have to be unescaped or cleaned, no header twice
// that says where something ends or whom it concerns, nothing that asks for another protocol. Whatever it takes, net/http
// takes as well, and finds the same in it (FuzzHead).
func parse(b []byte, h *Head) shape {
	end := bytes.Index(b, crlfcrlf)
	if end < 0 {
		for _, begin := range [...]string{"GET /", "POST /"} {
			if n := min(len(b), len(begin)); string(b[:n]) == begin[:n] {
				return partial
			}
		}
		return odd
	}
	*h = Head{Size: end + len(crlfcrlf)}
	line := bytes.IndexByte(b[:end+1], '\r')
	if !h.requestLine(b[:line]) {
		return odd
	}
	h.Fields = b[line+2 : end+2]
	if b[line+1] != '\n' {
		return odd
	}
	hosts := 0
	for at, n := 0, 0; at < len(h.Fields); n++ {
		rest := h.Fields[at:]
		e := bytes.IndexByte(rest, '\r')
		if n == maxFields || rest[e+1] != '\n' {
			return odd
		}
		name, value, ok := field(rest[:e])
		if !ok || !h.note(name, value, at, at+e+2, &hosts) {
			return odd
		}
		at += e + 2
	}
	if hosts != 1 || !h.Post && h.Length != 0 || h.Post && h.length[1] == 0 || h.asks != h.to || h.asks && h.Post {
		return odd
	}
	return plain
}

var crlfcrlf = []byte("\r\n\r\n")

// requestLine reads the method and the target (RFC 9112 section 3).
func (h *Head) requestLine(line []byte) bool {
	target, ok := bytes.CutPrefix(line, []byte("GET "))
	if !ok {
		if target, ok = bytes.CutPrefix(line, []byte("POST ")); !ok {
			return false
		}
		h.Post = true
	}
	if target, ok = bytes.CutSuffix(target, []byte(" HTTP/1.1")); !ok || len(target) == 0 || target[0] != '/' {
		return false
	}
	for i, c := range target {
		switch classes[c] & (inPath | inQuery) {
		case inPath | inQuery:
		case inQuery:
			if c == '?' && h.Path == nil {
				h.Path, h.Query = target[:i], target[i+1:]
			} else if h.Path == nil {
				return false
			}
		default:
			return false
		}
	}
	if h.Path == nil {
		h.Path = target
	}
	return len(h.Path) < 2 || h.Path[1] != '/' // net/url may take "//" for the beginning of a host
}

// field splits a line of the header (RFC 9112 section 5). The value is without the blanks around it.
func field(line []byte) (name, value []byte, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return nil, nil, false
	}
	name, value = line[:colon], bytes.Trim(line[colon+1:], " \t")
	for _, c := range name {
		if classes[c]&inToken == 0 {
			return nil, nil, false
		}
	}
	for _, c := range value {
		if c < ' ' && c != '\t' || c == 0x7f {
			return nil, nil, false
		}
	}
	return name, value, true
}

// note takes a field into the head. False means that it is none of a plain request. The line is Fields[from:to].
func (h *Head) note(name, value []byte, from, to int, hosts *int) bool {
	once := func(to *[]byte) bool {
		if *to != nil {
			return false
		}
		*to = value
		return true
	}
	switch {
	case is(name, "host"):
		*hosts++
		for _, c := range value {
			if classes[c]&inHost == 0 {
				return false
			}
		}
		return len(value) > 0 && once(&h.Host)
	case is(name, "content-length"):
		if h.length[1] != 0 || len(value) == 0 || len(value) > 9 {
			return false
		}
		for _, c := range value {
			if c < '0' || c > '9' {
				return false
			}
			h.Length = 10*h.Length + int(c-'0')
		}
		h.length = [2]int{from, to}
		return true
	case is(name, "connection"):
		if bytes.EqualFold(value, []byte("Upgrade")) || bytes.EqualFold(value, []byte("keep-alive, Upgrade")) {
			h.asks = true
			return true
		}
		return bytes.EqualFold(value, []byte("keep-alive"))
	case is(name, "upgrade"):
		h.to = bytes.EqualFold(value, []byte("websocket"))
		return h.to
	case is(name, "sec-websocket-key"):
		h.key = [2]int{from, to}
		return once(&h.Key)
	case is(name, "content-type"):
		return once(&h.ContentType)
	case is(name, "origin"):
		return once(&h.Origin)
	case is(name, "user-agent"):
		return once(&h.UserAgent)
	case is(name, "accept-encoding"):
		return once(&h.AcceptEncoding)
	case is(name, "transfer-encoding"), is(name, "expect"), is(name, "trailer"), is(name, "te"),
		is(name, "http2-settings"):
		return false
	}
	return true
}

// is reports whether a name is that of a field, which is given in lower case.
func is(name []byte, field string) bool {
	if len(name) != len(field) || name[0]|0x20 != field[0] {
		return false
	}
	for i := range name {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != field[i] {
			return false
		}
	}
	return true
}

// Header is the header of the request, as net/http has it.
func (h *Head) Header() http.Header {
	header := make(http.Header, 8)
	defer func() {
		if p := header["Pragma"]; len(p) > 0 && p[0] == "no-cache" && header["Cache-Control"] == nil {
			header["Cache-Control"] = []string{"no-cache"} // as net/http understands the word of HTTP/1.0
		}
	}()
	for rest := h.Fields; len(rest) > 0; {
		line := rest[:bytes.IndexByte(rest, '\r')]
		rest = rest[len(line)+2:]
		name, value, _ := field(line)
		if !is(name, "host") {
			key := textproto.CanonicalMIMEHeaderKey(string(name))
			header[key] = append(header[key], string(value))
		}
	}
	return header
}

// class is where a byte may stand.
type class uint8

const (
	inToken class = 1 << iota // RFC 9110 section 5.6.2
	inHost
	inPath
	inQuery
)

var classes = func() (t [256]class) {
	mark := func(c class, bytes string) {
		for i := range len(bytes) {
			t[bytes[i]] |= c
		}
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	mark(inToken, letters+"!#$%&'*+-.^_`|~")
	mark(inHost, letters+"-._:[]")
	mark(inPath, letters+"-._~/")
	mark(inQuery, letters+"-_/.~!$&'()*+,;=:@?%")
	return t
}()
