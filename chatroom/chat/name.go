package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the longest name of a person or a room, in runes.
const MaxName = 32

// CleanName returns the name that someone gets who types raw: outer spaces go, inner ones become single spaces. It refuses
// a name that is empty or longer than [MaxName], and one with characters that nobody sees or that change how the text
// around them looks: controls, formats (zero width, direction overrides), private use, invisible letters, and free
// combining accents. Accented letters come composed from a browser (it normalizes to NFKC), so nothing is lost by that.
func CleanName(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", Refuse(CodeNameChars)
	}
	name := strings.Join(strings.Fields(raw), " ")
	seen := false
	for _, r := range name {
		if !allowedInName(r) {
			return "", Refuse(CodeNameChars)
		}
		seen = seen || drawnRune(r) && !unicode.IsPunct(r)
	}
	switch {
	case name == "":
		return "", Refuse(CodeNameEmpty)
	case !seen:
		return "", Refuse(CodeNameChars)
	case utf8.RuneCountInString(name) > MaxName:
		return "", Refuse(CodeNameLong)
	}
	return name, nil
}

// drawnRune tells whether r puts something on the screen by itself.
func drawnRune(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) && !blank[r]
}

// blank holds letters and symbols that are drawn as nothing.
var blank = map[rune]bool{'\u115F': true, '\u1160': true, '\u3164': true, '\uFFA0': true, '\u2800': true}

func allowedInName(r rune) bool {
	switch {
	case r == ' ':
		return true
	case r == zeroWidthJoiner || isVariationSelector(r):
		return true // parts of emoji; the key ignores them
	case 0x0300 <= r && r <= 0x036F: // combining accents
		return false
	case r == utf8.RuneError || blank[r]:
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r)
}
