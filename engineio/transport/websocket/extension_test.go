package websocket

import (
	"net/http"
	"strings"
	"testing"
)

const answered = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// The first offer that can be met is; one with an unknown, double or impossible parameter is declined (RFC 7692 section
// 7.1), and so is a window smaller than the compressor's.
func TestNegotiate(t *testing.T) {
	o := (&Options{Deflate: &Deflate{}}).WithDefaults()
	for _, tt := range []struct{ offers, want string }{
		{"permessage-deflate", answered},
		{" permessage-deflate ", answered},
		{"permessage-deflate; client_max_window_bits", answered}, // what browsers say
		{"permessage-deflate;client_max_window_bits=8", answered},
		{`permessage-deflate; client_max_window_bits="15"`, answered},
		{"permessage-deflate; server_no_context_takeover; client_no_context_takeover", answered},
		{"permessage-deflate; server_max_window_bits=15", answered + "; server_max_window_bits=15"},
		{`permessage-deflate; server_max_window_bits="15"; client_max_window_bits=12`, answered + "; server_max_window_bits=15"},

		{"permessage-deflate; server_max_window_bits=14", ""},
		{"permessage-deflate; server_max_window_bits=8", ""},
		{"permessage-deflate; server_max_window_bits=7", ""},
		{"permessage-deflate; server_max_window_bits=16", ""},
		{"permessage-deflate; server_max_window_bits=015", ""},
		{"permessage-deflate; server_max_window_bits", ""},
		{"permessage-deflate; server_max_window_bits=1000", ""},
		{"permessage-deflate; client_max_window_bits=7", ""},
		{"permessage-deflate; client_max_window_bits=16", ""},
		{"permessage-deflate; client_max_window_bits=09", ""},
		{"permessage-deflate; client_max_window_bits=x", ""},
		{"permessage-deflate; client_max_window_bits=-9", ""},
		{"permessage-deflate; client_max_window_bits; client_max_window_bits", ""},
		{"permessage-deflate; server_no_context_takeover; server_no_context_takeover", ""},
		{"permessage-deflate; server_no_context_takeover=1", ""},
		{"permessage-deflate; client_no_context_takeover=true", ""},
		{"permessage-deflate; mode=fast", ""},
		{"permessage-deflate; Server_No_Context_Takeover", ""},

		{"permessage-deflate; server_max_window_bits=10, permessage-deflate", answered},
		{"permessage-deflate; server_max_window_bits=10, permessage-deflate; server_max_window_bits=11", ""},
		{"permessage-deflate; mode=fast, permessage-deflate; client_max_window_bits, x-other", answered},
		{"x-webkit-deflate-frame, permessage-deflate; client_max_window_bits", answered},
		{"x-other; client_max_window_bits=99; a=b, permessage-deflate", answered},
		{"permessage-bzip2, deflate-frame, mux; max-channels=4", ""},
		{"permessage-deflate2", ""},

		{"", ""},
		{"constructor", ""},
		{"__proto__; toString", ""},
		{"=", ""},
		{";;;", ""},
		{"permessage-deflate=1", ""},
		{"permessage-deflate; =", ""},
		{`permessage-deflate; client_max_window_bits="15`, ""},
		{"permessage deflate", ""},
		{"permessage-deflate; \x00", ""},
		{strings.Repeat("a;", 6000), ""},
		{strings.Repeat("a,", 6000) + "permessage-deflate", answered},
		{strings.Repeat("permessage-deflate; server_max_window_bits=9,", 5000) + "permessage-deflate", answered},
		{"permessage-deflate" + strings.Repeat("; client_max_window_bits", 5000), ""},
		{strings.Repeat("\"", 6001), ""},
		{strings.Repeat(" ", 20_000), ""},
	} {
		r := &http.Request{Header: http.Header{"Sec-Websocket-Extensions": {tt.offers}}}
		if got := o.negotiate(r); got != tt.want {
			t.Errorf("%.100q: %q, want %q", tt.offers, got, tt.want)
		}
		if got := (*Options)(nil).WithDefaults().negotiate(r); got != "" {
			t.Errorf("%.100q with the extension off: %q", tt.offers, got)
		}
	}
	r := &http.Request{Header: http.Header{"Sec-Websocket-Extensions": {"permessage-deflate; mode=fast", "permessage-deflate"}}}
	if got := o.negotiate(r); got != answered {
		t.Errorf("offers in two headers: %q", got)
	}
	if got := o.negotiate(&http.Request{}); got != "" {
		t.Errorf("without offers: %q", got)
	}
}

// A client takes only an answer to what it offered: each message afresh, and no wish for a small window of its own.
func TestAnswersOffer(t *testing.T) {
	for answer, want := range map[string]bool{
		answered: true,
		"permessage-deflate; server_no_context_takeover":                                                          true,
		"permessage-deflate; server_no_context_takeover; server_max_window_bits=9":                                true,
		`permessage-deflate; server_max_window_bits="12"; client_no_context_takeover; server_no_context_takeover`: true,

		"permessage-deflate; server_no_context_takeover; client_max_window_bits=15":  false,
		"permessage-deflate; server_no_context_takeover; server_max_window_bits":     false,
		"permessage-deflate; server_no_context_takeover; server_max_window_bits=16":  false,
		"permessage-deflate; server_no_context_takeover; server_no_context_takeover": false,
		"permessage-deflate; server_no_context_takeover=1":                           false,
		"permessage-deflate; server_no_context_takeover; x":                          false,

		answered + ", " + answered: false,
		answered + ", x-other":     false,

		"permessage-deflate":                             false,
		"permessage-deflate; client_no_context_takeover": false,
		"x-other":               false,
		"":                      false,
		"permessage-deflate; =": false,
	} {
		if got := answersOffer([]string{answer}); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
	if answersOffer([]string{answered, "x-other"}) {
		t.Error("a second extension in a header of its own")
	}
}

// Whatever is offered: one of three answers.
func FuzzNegotiate(f *testing.F) {
	f.Add("permessage-deflate; client_max_window_bits, x")
	f.Add(`a; b="c\"d", permessage-deflate; server_max_window_bits=15`)
	o := (&Options{Deflate: &Deflate{}}).WithDefaults()
	f.Fuzz(func(t *testing.T, offers string) {
		answer := o.negotiate(&http.Request{Header: http.Header{"Sec-Websocket-Extensions": {offers}}})
		switch answer {
		case "":
		case answered, answered + "; server_max_window_bits=15":
			if !strings.Contains(offers, "permessage-deflate") {
				t.Fatalf("%q is answered to", offers)
			}
		default:
			t.Fatalf("%q is answered with %q", offers, answer)
		}
	})
}
