package attack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// jsonAttacks are payloads that are no JSON, or JSON made to exhaust whoever reads it.
func jsonAttacks(n sizes) []attack {
	var all []attack
	for _, payload := range []string{
		`["echo"`, `["echo",]`, `["echo"]]`, `["echo"]x`, `["echo"]["echo"]`, `[,"echo"]`, `['echo']`, `["echo]`,
		`["echo",NaN]`, `["echo",undefined]`, `["echo",Infinity]`, `["echo",01]`, `["echo",+1]`, `["echo",.5]`, `["echo",1.]`, `["echo",0x10]`,
		`["echo",tru]`, `["echo",nulll]`, `["echo",{"a"}]`, `["echo",{"a":}]`, `["echo",{a:1}]`, `["echo",{"a":1,}]`, `["echo",{1:1}]`,
		`["echo","\x41"]`, `["echo","\u12"]`, `["echo","\"]`, "[\"echo\",\"a\nb\"]", "[\"echo\",\"a\x00b\"]", "[\"ec\tho\"]",
		`["echo"/*a*/]`, "[\"echo\"]\x00", "\ufeff[\"echo\"]", "[\"echo\",\u00a01]", `["echo",-]`, `["echo",1e]`, `["echo",--1]`,
	} {
		all = append(all, closes(fmt.Sprintf("%q", payload), "427"+payload)...)
	}
	for _, bomb := range []struct{ name, value string }{
		{"520 arrays", strings.Repeat("[", 520) + strings.Repeat("]", 520)},
		{"520 objects", strings.Repeat(`{"a":`, 520) + "1" + strings.Repeat("}", 520)},
		{"arrays to the limit", strings.Repeat("[", n.of(400_000)) + strings.Repeat("]", n.of(400_000))},
		{"objects to the limit", strings.Repeat(`{"a":`, n.of(160_000)) + "1" + strings.Repeat("}", n.of(160_000))},
		{"open arrays to the limit", strings.Repeat("[", n.of(900_000))},
		{"open objects to the limit", strings.Repeat(`{"a":`, n.of(180_000))},
		{"arrays and objects in turns", strings.Repeat(`[{"a":`, n.of(100_000)) + "1" + strings.Repeat("}]", n.of(100_000))},
	} {
		all = append(all, closes("depth: "+bomb.name, `427["echo",`+bomb.value+`]`)...)
		all = append(all, closes("depth of an ack: "+bomb.name, `437[`+bomb.value+`]`)...)
		all = append(all, closes("depth of a CONNECT: "+bomb.name, `40/admin,{"a":`+bomb.value+`}`)...)
		all = append(all, closes("depth of an event nobody hears: "+bomb.name, `42["nobody",`+bomb.value+`]`)...)
	}
	for _, count := range []int{1_010, n.of(100_000), n.of(400_000)} {
		all = append(all, closes(fmt.Sprintf("%d arguments", count), `427["echo"`+strings.Repeat(",1", count)+"]")...)
		all = append(all, closes(fmt.Sprintf("%d answers", count), `437[1`+strings.Repeat(",1", count)+"]")...)
	}
	all = append(all, closes("commas to the limit", `427["echo"`+strings.Repeat(",", n.of(900_000))+"]")...)

	// Large and odd, and none of it against a rule: the answer is the argument.
	for _, fine := range []struct{ name, args string }{
		{"500 arrays", strings.Repeat("[", 500) + strings.Repeat("]", 500)},
		{"990 arguments", "1" + strings.Repeat(",1", 989)},
		{"an array of very many elements", "[1" + strings.Repeat(",1", n.of(299_999)) + "]"},
		{"an object of very many fields", `{"f":1` + strings.Repeat(`,"f":1`, n.of(49_999)) + "}"},
		{"the fields of a prototype", `{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}`},
	} {
		all = append(all, onBoth(fine.name+" are nothing bad", func(t *testing.T, _ *site, p *raw.Peer) {
			if err := p.Say(`427["echo",` + fine.args + `]`); err != nil {
				t.Fatal(err)
			}
			got, err := p.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got.Text, "37[") {
				t.Errorf("answered by %.200q", got.Text)
			}
		})...)
	}
	all = append(all, settles("a number to the limit", `427["echo",`+strings.Repeat("9", n.of(900_000))+"]")...)
	all = append(all, settles("an exponent to the limit", `427["echo",1e`+strings.Repeat("9", n.of(900_000))+"]")...)
	all = append(all, settles("a number beyond all", `427["echo",1e999]`)...)
	all = append(all, settles("half a surrogate pair", `427["echo","\ud800"]`)...)
	all = append(all, settles("escapes to the limit", `427["echo","`+strings.Repeat(`\u0000`, n.of(150_000))+`"]`)...)
	return all
}
