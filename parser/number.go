package parser

import (
	"math"
	"strconv"
)

// jsNumber prints a JSON number as JavaScript does when it makes a property name of it.
func jsNumber(raw []byte) []byte {
	if plainInteger(raw) {
		return raw
	}
	f, _ := strconv.ParseFloat(string(raw), 64) // out of range is an infinity here as there
	switch {
	case math.IsInf(f, 1):
		return []byte("Infinity")
	case math.IsInf(f, -1):
		return []byte("-Infinity")
	}
	return AppendNumber(nil, f, 64)
}

// AppendNumber appends a finite number as JavaScript prints it (ECMA-262, "Number::toString"), -0 as 0. It uses the
// fewest digits that tell it from its neighbours among the floats of 32 or 64 bits.
func AppendNumber(dst []byte, f float64, bits int) []byte {
	switch abs := math.Abs(f); {
	case f == 0:
		return append(dst, '0')
	case bits == 64 && abs >= 1e-6 && abs < 1e21, bits == 32 && float32(abs) >= 1e-6 && float32(abs) < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	if n := len(dst); dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') { // Go writes e-07, JavaScript e-7
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// plainInteger tells whether a JSON number is written the way JavaScript would, without a look at its value.
func plainInteger(raw []byte) bool {
	if raw[0] == '-' {
		raw = raw[1:]
		if len(raw) > 0 && raw[0] == '0' {
			return false // -0 is 0
		}
	}
	if len(raw) > 15 { // beyond 2^53 it may be rounded
		return false
	}
	for _, c := range raw {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}
