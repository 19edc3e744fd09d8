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
)

// Accepted picks the coding that the values of Accept-Encoding like best, gzip if they like both the same. Without a word
// about a coding it is not accepted, and neither is one with a weight of zero (RFC 9110 section 12.5.3).
func Accepted(values []string) Coding {
	if len(values) == 0 {
		return Identity
	}
	const unsaid = -1
	gzip, deflate, other := float64(unsaid), float64(unsaid), 0.0
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, parameters, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			switch {
			case strings.EqualFold(name, string(Gzip)):
				gzip = weight(parameters)
			case strings.EqualFold(name, string(Deflate)):
				deflate = weight(parameters)
			case name == "*":
				other = weight(parameters)
			}
		}
	}
	if gzip == unsaid {
		gzip = other
	}
	if deflate == unsaid {
		deflate = other
	}
	switch {
	case gzip > 0 && gzip >= deflate:
		return Gzip
	case deflate > 0:
		return Deflate
	}
	return Identity
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
