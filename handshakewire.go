package socketio

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/socketio-go/socketio/internal/event"
)

// wireHandshake is a handshake on its way between nodes, as the reference implementation has it.
type wireHandshake struct {
	Headers map[string]Value `json:"headers"`
	Time    string           `json:"time"`
	Address string           `json:"address"`
	XDomain bool             `json:"xdomain"`
	Secure  bool             `json:"secure"`
	Issued  float64          `json:"issued"` // ms since 1970
	URL     string           `json:"url"`
	Query   map[string]Value `json:"query"`
	Auth    Value            `json:"auth"`
}

// encode is the handshake for other nodes.
func (h *Handshake) encode() []byte {
	w := wireHandshake{
		Headers: texts(h.Header, func(name string) string { return strings.ToLower(name) }),
		Time:    h.Time.Format(time.RFC3339Nano), Address: h.Address, XDomain: h.XDomain, Secure: h.Secure,
		Issued: float64(h.Time.UnixMilli()), URL: h.URL,
		Query: texts(h.Query, func(name string) string { return name }), Auth: h.auth,
	}
	data, _, err := event.Marshal(w)
	if err != nil {
		return nil // text and JSON that was read can be written
	}
	return data
}

// texts is a name with its values as Node.js has it: a text, or a list of several.
func texts(values map[string][]string, spell func(string) string) map[string]Value {
	m := make(map[string]Value, len(values))
	for name, list := range values {
		var v any = list
		if len(list) == 1 {
			v = list[0]
		}
		if data, _, err := event.Marshal(v); err == nil {
			m[spell(name)] = event.Values([][]byte{data}, nil)[0]
		}
	}
	return m
}

// handshakeOf reads the handshake of another node's socket. What can't be read is empty.
func handshakeOf(data []byte) *Handshake {
	var w wireHandshake
	if len(data) > 0 && event.Values([][]byte{data}, nil)[0].Decode(&w) != nil {
		w = wireHandshake{}
	}
	h := &Handshake{
		Header: make(http.Header), Query: make(url.Values), URL: w.URL, Address: w.Address,
		Time: time.UnixMilli(int64(w.Issued)), Secure: w.Secure, XDomain: w.XDomain, auth: w.Auth,
	}
	for name, v := range w.Headers {
		for _, text := range textsOf(v) {
			h.Header.Add(name, text)
		}
	}
	for name, v := range w.Query {
		h.Query[name] = textsOf(v)
	}
	return h
}

// textsOf is the reverse of texts.
func textsOf(v Value) []string {
	var one string
	if v.Decode(&one) == nil {
		return []string{one}
	}
	var several []string
	v.Decode(&several) // what is neither is nothing
	return several

}
