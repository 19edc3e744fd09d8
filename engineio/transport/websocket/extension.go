package websocket

import (
	"net/http"
	"strings"

	"github.com/gobwas/httphead"
)

// negotiate answers the offers of permessage-deflate in r (RFC 7692 sections 5 and 7.1) with the value of
// Sec-WebSocket-Extensions for the first that can be met, "" if there is none. Either side starts each message afresh, so
// that nothing is kept for an idle connection, and one compressed frame fits all receivers. What is no list of extensions
// offers nothing.
func (o *Options) negotiate(r *http.Request) (answer string) {
	offers := r.Header["Sec-Websocket-Extensions"]
	if o.Deflate == nil || len(offers) == 0 {
		return ""
	}
	offer := offer{index: -1}
	well := httphead.ScanOptions([]byte(strings.Join(offers, ",")), func(index int, name, parameter, value []byte) httphead.Control {
		if index != offer.index {
			if offer.good() {
				answer = offer.answer()
				return httphead.ControlBreak
			}
			offer = newOffer(index, string(name))
		}
		if parameter != nil && offer.deflate {
			offer.take(string(parameter), string(value))
		}
		return httphead.ControlContinue
	})
	switch {
	case !well:
		return ""
	case answer == "" && offer.good():
		return offer.answer()
	}
	return answer
}

// offer is one offer of an extension.
type offer struct {
	index   int
	deflate bool // of permessage-deflate
	bad     bool
	bits    string // server_max_window_bits
	seen    uint8  // parameters, one bit for each
}

func newOffer(index int, name string) offer {
	return offer{index: index, deflate: name == "permessage-deflate"}
}

// take takes a parameter. One that is unknown, comes twice or has a value that it must not have spoils the offer.
func (o *offer) take(parameter, value string) {
	var bit uint8
	switch parameter {
	case "server_no_context_takeover":
		bit, o.bad = 1, o.bad || value != ""
	case "client_no_context_takeover":
		bit, o.bad = 2, o.bad || value != ""
	case "server_max_window_bits":
		bit, o.bits = 4, value
		// The compressor's window is always the largest, 2^15 bytes.
		o.bad = o.bad || value != "15"
	case "client_max_window_bits": // a hint: the client's window may be any
		bit, o.bad = 8, o.bad || value != "" && !windowBits(value)
	}
	o.bad = o.bad || bit == 0 || o.seen&bit != 0
	o.seen |= bit
}

// windowBits reports whether a window of that many bits exists (RFC 7692 section 7.1.2).
func windowBits(value string) bool {
	switch value {
	case "8", "9", "10", "11", "12", "13", "14", "15":
		return true
	}
	return false
}

func (o *offer) good() bool { return o.deflate && !o.bad }

func (o *offer) answer() string {
	if o.bits != "" {
		return fresh + "; server_max_window_bits=" + o.bits
	}
	return fresh
}

// fresh is permessage-deflate with each message started afresh on both sides: what a server of ours agrees to, and what a
// client of ours offers.
const fresh = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// answersOffer reports whether a server's answer to fresh is one that can be met (RFC 7692 section 7.1): it must start
// each message afresh, as it was asked to, and may say what its window is. It can't ask for a small window of ours, which
// was not offered.
func answersOffer(answer []string) bool {
	var seen uint8
	good := true
	well := httphead.ScanOptions([]byte(strings.Join(answer, ",")), func(index int, name, parameter, value []byte) httphead.Control {
		var bit uint8
		switch string(parameter) {
		case "server_no_context_takeover":
			bit = 1
		case "client_no_context_takeover":
			bit = 2
		case "server_max_window_bits":
			if windowBits(string(value)) {
				bit = 4
			}
		}
		if index > 0 || string(name) != "permessage-deflate" || bit == 0 || seen&bit != 0 || bit != 4 && len(value) > 0 {
			good = false
			return httphead.ControlBreak
		}
		seen |= bit
		return httphead.ControlContinue
	})
	return well && good && seen&1 != 0
}
