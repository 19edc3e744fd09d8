package differential

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// generator makes sequences of messages. The same seed makes the same ones.
type generator struct {
	*rand.Rand
	noProto bool // no member of an object is named __proto__
}

func newGenerator(seed, stream uint64) generator {
	return generator{Rand: rand.New(rand.NewPCG(seed, stream))}
}

func (g generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// one reports true once in n times.
func (g generator) one(n int) bool { return g.IntN(n) == 0 }

// sequence makes what one connection sends.
func (g generator) sequence() []frame {
	var frames []frame
	for range 1 + g.IntN(3) {
		switch {
		case g.one(4):
			frames = append(frames, g.hostile()...)
		default:
			frames = append(frames, g.packet()...)
		}
	}
	if g.one(2) {
		for range 1 + g.IntN(3) {
			frames = g.damage(frames)
		}
	}
	return frames
}

// packet makes a valid packet.
func (g generator) packet() []frame {
	switch g.IntN(10) {
	case 0:
		return []frame{textFrame("0" + g.namespace() + g.pick("", "{}", `{"token":"123"}`, g.object(3, nil)))}
	case 1:
		return []frame{textFrame("1" + g.namespace())}
	case 2:
		return []frame{textFrame("4" + g.namespace() + g.pick(`"Not authorized"`, g.text(), `{"message":"no"}`, g.object(3, nil)))}
	case 3, 4:
		return g.binary()
	case 5:
		return []frame{textFrame("3" + g.namespace() + g.id() + g.array(4, nil))}
	default:
		return []frame{textFrame("2" + g.namespace() + g.maybe(g.id()) + g.event(nil))}
	}
}

// binary makes a packet with attachments, each where its placeholder is.
func (g generator) binary() []frame {
	n := 1 + g.IntN(3)
	if g.one(20) {
		n = 10
	}
	order := g.Perm(n)
	if g.one(2) {
		for i := range order {
			order[i] = i
		}
	}
	slots := &order
	body := ""
	kind := "5"
	if g.one(3) {
		kind = "6"
		body = g.array(3, slots)
	} else {
		body = g.event(slots)
	}
	for len(*slots) > 0 { // what found no place comes last
		body = body[:len(body)-1]
		if !strings.HasSuffix(body, "[") {
			body += ","
		}
		body += g.placeholder(slots) + "]"
	}
	frames := []frame{textFrame(kind + strconv.Itoa(n) + "-" + g.namespace() + g.maybe(g.id()) + body)}
	for range n {
		b := make([]byte, g.IntN(6))
		for i := range b {
			b[i] = byte(g.Uint32())
		}
		frames = append(frames, binaryFrame(b))
	}
	return frames
}

func (g generator) placeholder(slots *[]int) string {
	n := (*slots)[0]
	*slots = (*slots)[1:]
	num := strconv.Itoa(n)
	if g.one(10) {
		num = g.pick(num+".0", num+"e0", num+"0e-1", num)
		if n == 0 {
			num = g.pick("0", "-0", "0.0", "0e5")
		}
	}
	if g.one(10) {
		return `{ "num" : ` + num + ` , "_placeholder" : true }`
	}
	if g.one(20) {
		return `{"\u005fplaceholder":true,"n\u0075m":` + num + g.pick("}", `,"x":1}`, `,"num":`+num+`}`)
	}
	return `{"_placeholder":true,"num":` + num + `}`
}

func (g generator) maybe(s string) string {
	if g.one(2) {
		return s
	}
	return ""
}

func (g generator) namespace() string {
	if g.one(2) {
		return ""
	}
	return g.pick("/,", "/admin,", "/a/b,", "/admin?token=1&x={},", "/a?q=[1],", "/é,", "/😀,", "/ ,", "/"+strings.Repeat("n", 200)+",", "/1,", "//,")
}

func (g generator) id() string {
	return g.pick("0", "1", "12", "456", "00", "007", "4294967296", "9007199254740991", strconv.Itoa(g.IntN(1e9)))
}

func (g generator) event(slots *[]int) string {
	name := g.pick(`"message"`, `"echo"`, `"a"`, `""`, `"é"`, `"\u0061"`, `"error"`, `"CONNECT"`, `"__proto__"`, "1", "1.0", "1e3", "-0", "0.5", g.text())
	rest := g.array(4, slots)
	if rest = strings.TrimSpace(rest)[1:]; strings.TrimSpace(rest) == "]" {
		return "[" + name + rest
	}
	return "[" + name + "," + rest
}

func (g generator) array(depth int, slots *[]int) string {
	var items []string
	for range g.IntN(4) {
		items = append(items, g.value(depth-1, slots))
	}
	return "[" + g.blank() + strings.Join(items, g.blank()+","+g.blank()) + g.blank() + "]"
}

func (g generator) object(depth int, slots *[]int) string {
	var items []string
	for range g.IntN(4) {
		name := g.pick(`"a"`, `"b"`, `"1"`, `"01"`, `"10"`, `"__proto__"`, `"constructor"`, `"toJSON"`, `"num"`, `"length"`, `"_placeholder"`, `"\u0061"`, g.text())
		items = append(items, name+g.blank()+":"+g.blank()+g.value(depth-1, slots))
	}
	return "{" + g.blank() + strings.Join(items, g.blank()+","+g.blank()) + "}"
}

func (g generator) value(depth int, slots *[]int) string {
	if slots != nil && len(*slots) > 0 && g.one(2) {
		return g.placeholder(slots)
	}
	if depth <= 0 {
		return g.scalar()
	}
	switch g.IntN(6) {
	case 0:
		return g.array(depth, slots)
	case 1, 2:
		return g.object(depth, slots)
	}
	return g.scalar()
}

func (g generator) scalar() string {
	switch g.IntN(4) {
	case 0:
		return g.text()
	case 1:
		return g.pick("0", "-0", "1", "-1", "1.5", "1e400", "-1e400", "5e-324", "1e-400", "9007199254740993", "0.1", "1E+2", "1e-2", "123456789012345678901234567890",
			"2.2250738585072011e-308", strconv.FormatFloat(g.NormFloat64()*1e6, 'g', -1, 64), strconv.FormatUint(g.Uint64(), 10))
	}
	return g.pick("true", "false", "null", "{}", "[]", `""`)
}

// text makes a string, as JSON.
func (g generator) text() string {
	var b strings.Builder
	b.WriteByte('"')
	for range g.IntN(6) {
		b.WriteString(g.pick("a", "b", " ", "é", "€", "😀", "\u2028", "\u007f", "\ufeff", "\ufffd", "\uffff", `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\u0000`,
			`\u00e9`, `\ud83d\ude00`, `\ud800`, `\udc00`, `\uD83D`, `\uFFFF`, "_placeholder", "num", "[", "}", ",", "0", "/"))
	}
	b.WriteByte('"')
	return b.String()
}

func (g generator) blank() string {
	if g.one(12) {
		return g.pick(" ", "\t", "\n", "\r", "  ")
	}
	return ""
}

// hostile makes what an attacker sends.
func (g generator) hostile() []frame {
	many := []int{9, 10, 11, 100}[g.IntN(4)]
	deep := []int{1, 500, 510, 511, 512, 600}[g.IntN(6)]
	wide := []int{3, 998, 999, 1000, 1001, 1002}[g.IntN(6)]
	ph := func(num string) string { return `{"_placeholder":true,"num":` + num + `}` }
	switch g.IntN(12) {
	case 0:
		return []frame{textFrame(g.pick("", " ", "\t0", "\u00a0", "\ufeff2[\"a\"]", "7", "9", "10", "-1", "a", "é", "😀", "\x00", "+1", "0x", "２"))}
	case 1:
		return []frame{textFrame("5" + g.pick("0", "1", "01", "1.0", "1e0", "+1", "-1", " 1", "1 ", "0x1", "0b1", "0o1", "", "x", "Infinity", "NaN", "1_0", "999999999", "9007199254740993", "１") +
			g.pick("-", "", "--") + `["a",` + ph("0") + "]"), binaryFrame([]byte{1})}
	case 2:
		return []frame{textFrame("51-[" + `"a",` + ph(g.pick("-1", "1", "10", "1.5", "0.5", "null", `"0"`, "true", "1e9", "-0", "0e1", `"splice"`, "{}", "[0]", "99999999999999999999")) + "]"), binaryFrame([]byte{1})}
	case 3:
		return []frame{textFrame("2" + g.pick(`["connect"]`, `["disconnect"]`, `["newListener",1]`, `["remove\u004cistener"]`, `["connect_error"]`, `["disconnecting"]`, `[null]`, `[[]]`, `[{}]`, `[true]`, `[]`, `{}`, `"a"`, `1`, `null`, `[{"toString":"rce"}]`, ``))}
	case 4:
		return []frame{textFrame("2" + g.namespace() + g.pick("9007199254740992", "9007199254740993", "18446744073709551615", "18446744073709551616", strings.Repeat("9", 400), "1 ", " 1", " ", "\n", "1 2", "\u00a01", "\u2028") + `["a"]`)}
	case 5:
		return []frame{textFrame("2" + `["a",` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "]")}
	case 6:
		return []frame{textFrame(g.pick("2", "3") + `["a"` + strings.Repeat(",1", wide) + "]")}
	case 7:
		frames := []frame{textFrame(fmt.Sprintf(`5%d-["a"`, many) + "," + strings.TrimSuffix(strings.Repeat(ph("0")+",", g.IntN(3)+1), ",") + "]")}
		for range g.IntN(12) {
			frames = append(frames, binaryFrame([]byte{1, 2}))
		}
		return frames
	case 8:
		return []frame{textFrame("51-" + g.pick(`["a",{"_placeholder":true,"num":0,"x":{}}]`, `["a",{"_placeholder":true,"num":0,"x":[]}]`, `["a",{"_placeholder":1,"num":0}]`,
			`["a",{"_placeholder":false,"_placeholder":true,"num":0}]`, `["a",{"_placeholder":true,"_placeholder":false,"num":0}]`, `["a",{"_placeholder":true,"num":5,"num":0}]`,
			`["a",{"_placeholder":true,"num":0,"num":5}]`, `["a",{"_placeholder":true}]`, `["a",{"num":0}]`, `["a"]`, `[{"_placeholder":true,"num":0}]`, `{"_placeholder":true,"num":0}`,
			`["a",{"__proto__":{"_placeholder":true,"num":0}}]`, `["a",{"a":{"_placeholder":true,"num":0},"a":1}]`, `["a",{"a":1,"a":{"_placeholder":true,"num":0}}]`,
			`["a",`+ph("0")+","+ph("0")+`]`, `["a",{"_placeholder":true,"num":`+ph("0")+`}]`)), binaryFrame([]byte{7})}
	case 9:
		return []frame{textFrame(g.pick("0", "1", "4") + g.namespace() + g.pick("[]", "1", "null", "true", `"x"`, "{", "{}x", " {}", "{} ", "\u00a0{}", "{\"a\":1,}", "[1,]", "01", "{'a':1}", "+1", ".5", "1.", "0x1", "NaN", "\ufeff{}"))}
	case 10:
		return []frame{binaryFrame([]byte{byte(g.Uint32())})}
	default:
		return []frame{textFrame(g.pick("2", "3", "51-") + g.namespace() + g.pick(`["a",`+"\x00"+`]`, `["a","`+"\n"+`"]`, `["a","`+"\x1f"+`"]`, `["a","\x"]`, `["a","\u12"]`, `["a","\u12g4"]`, `["a",tru]`, `["a",nul]`, `["a",-]`, `["a",1e]`,
			`["a",1.e1]`, `["a",00]`, `["a",-01]`, `["a" "b"]`, `["a",,]`, `["a"`, `"a"]`, `["a"]]`, `["a"]x`, `["a"] `, `["a",{"b"}]`, `["a",{"b":}]`, `["a",{b:1}]`, `["a",{"b":1,}]`, `["a",/**/1]`))}
	}
}

// signs are what matters to a parser.
var signs = []string{"0", "1", "5", "9", "-", "/", ",", "[", "]", "{", "}", `"`, `\`, ":", " ", "\n", "e", ".", "+", "t", "null", "true", "é", "\u00a0", `\u00`, "_placeholder", "\x00"}

// damage changes one thing.
func (g generator) damage(frames []frame) []frame {
	if len(frames) == 0 {
		return frames
	}
	i := g.IntN(len(frames))
	f := frames[i]
	switch g.IntN(8) {
	case 0: // is lost
		return append(append([]frame{}, frames[:i]...), frames[i+1:]...)
	case 1: // comes twice
		return append(append([]frame{}, frames[:i+1]...), frames[i:]...)
	case 2: // comes too early, or too late
		j := g.IntN(len(frames))
		frames = append([]frame{}, frames...)
		frames[i], frames[j] = frames[j], frames[i]
		return frames
	case 3: // is of the other kind
		if f.binary {
			f = textFrame(strings.ToValidUTF8(string(f.data), "?"))
		} else {
			f.binary = true
		}
	default:
		if f.binary {
			return frames
		}
		f = textFrame(g.damageText(string(f.data)))
	}
	frames = append([]frame{}, frames...)
	frames[i] = f
	return frames
}

func (g generator) damageText(s string) string {
	runes := []rune(s)
	at := g.IntN(len(runes) + 1)
	head, tail := string(runes[:at]), string(runes[at:])
	switch g.IntN(4) {
	case 0:
		return head + signs[g.IntN(len(signs))] + tail
	case 1:
		if at < len(runes) {
			tail = string(runes[at+1:])
		}
		return head + tail
	case 2:
		if at < len(runes) {
			tail = string(runes[at+1:])
		}
		return head + signs[g.IntN(len(signs))] + tail
	default:
		return head
	}
}
