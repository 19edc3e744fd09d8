package chat

import (
	"strings"
	"unicode"
)

// NameKey returns what names are compared by. Two names with one key look alike, and only one person (or room) may have
// either. The key ignores case, spaces, invisible parts of emoji, full-width and mathematical letters, circled letters,
// and whether a letter is Latin or one of the Greek and Cyrillic letters drawn the same way.
//
// The standard library has no NFKC, so this is a table of what is used to imitate names, not the whole of Unicode.
// A name can't get around it with accents typed apart from their letter: [CleanName] refuses those.
func NameKey(name string) string {
	var key strings.Builder
	for _, r := range name {
		switch {
		case r == ' ' || r == '-' || r == zeroWidthJoiner || isVariationSelector(r):
			continue
		case r == 'ß' || r == 'ẞ':
			key.WriteString("ss")
			continue
		}
		r = foldCase(plainForm(r))
		if latin, ok := lookalike[r]; ok {
			r = latin
		}
		key.WriteRune(r)
	}
	return key.String()
}

const zeroWidthJoiner = '\u200D'

func isVariationSelector(r rune) bool { return 0xFE00 <= r && r <= 0xFE0F }

// foldCase returns one rune for all that differ by case only. Going up and down again joins those that are more than a
// pair: s, S and the long s; k, K and the Kelvin sign.
func foldCase(r rune) rune { return unicode.ToLower(unicode.ToUpper(unicode.ToLower(r))) }

// plainForm undoes the presentation forms that spell a Latin letter or a digit another way.
func plainForm(r rune) rune {
	switch {
	case 0xFF01 <= r && r <= 0xFF5E: // full width
		return r - 0xFF01 + '!'
	case 0x1D400 <= r && r <= 0x1D6A3: // mathematical alphabets, 26 capitals and 26 small letters each
		if i := (r - 0x1D400) % 52; i < 26 {
			return 'a' + i
		} else {
			return 'a' + i - 26
		}
	case 0x1D7CE <= r && r <= 0x1D7FF: // mathematical digits
		return '0' + (r-0x1D7CE)%10
	case 0x24B6 <= r && r <= 0x24CF: // circled capitals
		return 'a' + r - 0x24B6
	case 0x24D0 <= r && r <= 0x24E9: // circled small letters
		return 'a' + r - 0x24D0
	case 0x1F130 <= r && r <= 0x1F149: // squared capitals
		return 'a' + r - 0x1F130
	}
	if plain, ok := letterlike[r]; ok {
		return plain
	}
	return r
}

// letterlike holds the letters that the mathematical alphabets leave out because they existed before.
var letterlike = map[rune]rune{
	'ℂ': 'c', 'ℊ': 'g', 'ℋ': 'h', 'ℌ': 'h', 'ℍ': 'h', 'ℎ': 'h', 'ℐ': 'i', 'ℑ': 'i', 'ℒ': 'l', 'ℓ': 'l', 'ℕ': 'n', 'ℙ': 'p',
	'ℚ': 'q', 'ℛ': 'r', 'ℜ': 'r', 'ℝ': 'r', 'ℤ': 'z', 'ℨ': 'z', 'ℬ': 'b', 'ℭ': 'c', 'ℯ': 'e', 'ℰ': 'e', 'ℱ': 'f', 'ℳ': 'm', 'ℴ': 'o',
}

// lookalike maps Greek and Cyrillic letters, in lower case, to the Latin letter that they look like in either case.
var lookalike = map[rune]rune{
	'а': 'a', 'в': 'b', 'е': 'e', 'ё': 'ë', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c', 'т': 't', 'у': 'y', 'х': 'x',
	'і': 'i', 'ї': 'ï', 'ј': 'j', 'ѕ': 's', 'ԁ': 'd', 'һ': 'h', 'ԛ': 'q', 'ԝ': 'w',
	'α': 'a', 'β': 'b', 'ε': 'e', 'ζ': 'z', 'η': 'h', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'n', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'y', 'χ': 'x',
}
