package deflate

import (
	"strconv"
	"strings"
)

// Coding is a content coding of HTTP (RFC 9110 section 8.4.1), by its name.
type Coding string

// The codings. What HTTP calls deflate has zlib's header and sum.
const (
	Identity Coding = "" // as it is
	Gzip     Coding = "gzip"
	Deflate  Coding = "deflate"
	Brotli   Coding = "br" // never made here: for what was compressed beforehand
)

// Accepted picks the coding that the values of Accept-Encoding like best, gzip if they like both the same. Without a word
// about a coding it is not accepted, and neither is one with a weight of zero (RFC 9110 section 12.5.3).
func Accepted(values []string) Coding {
	return Pick(values, Gzip, Deflate)
}

// Pick is Accepted among the codings that are offered, at most three, the best first.
func Pick(values []string, offered ...Coding) Coding {
	if len(values) == 0 {
		return Identity
	}
	const unsaid = -1
	weights := [3]float64{unsaid, unsaid, unsaid}
	other := 0.0
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, parameters, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			if name == "*" {
				other = weight(parameters)
			}
			for i, coding := range offered {
				if strings.EqualFold(name, string(coding)) {
					weights[i] = weight(parameters)
				}
			}
		}
	}
	best, most := Identity, 0.0
	for i := range offered {
		w := weights[i]
		if w == unsaid {
			w = other
		}
		if w > most {
			best, most = offered[i], w
		}
	}
	return best
}

// weight reads the parameter q, from 0 to 1. What can't be read is no liking.
func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(q >= 0 && q <= 1) {
				return 0
			}
			return q
		}
	}
	return 1
}
