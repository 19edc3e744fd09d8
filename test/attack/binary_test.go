package attack

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// binaryAttacks are binary packets whose header, placeholders or attachments do not fit together.
func binaryAttacks(n sizes) []attack {
	var all []attack
	one := []byte{1, 2, 3, 4}
	end := func(name, packet string, attachments ...[]byte) {
		all = append(all, closes(name, packet, attachments...)...)
	}

	for _, header := range []string{
		"450-", "460-", "4511-", "4516385-", "45999999999-", "454294967297-", "459007199254740993-", "4518446744073709551617-",
		"45-", "45", "451", "45-1-", "451.5-", "45+1-", "45 1-", "450x1-", "451e1-", "45Infinity-", "45NaN-", "45１-",
		"45" + strings.Repeat("9", n.of(900_000)) + "-",
	} {
		name := header
		if len(name) > 30 {
			name = fmt.Sprintf("%s… of %d bytes", header[:8], len(header))
		}
		end("the header "+name, header+`["echo"]`, one)
		end("the header "+name+" with an id", header+`7["echo",{"_placeholder":true,"num":0}]`, one)
	}
	for _, num := range []string{`"splice"`, `"length"`, `"__proto__"`, "-1", "1", "10", "1.5", "null", "true", "[0]", "{}", `"0"`, "1e99", "9007199254740993"} {
		end("the placeholder "+num, `451-7["echo",{"_placeholder":true,"num":`+num+`}]`, one)
	}
	end("a placeholder without a number", `451-7["echo",{"_placeholder":true}]`, one)
	end("a placeholder that is not true", `451-7["echo",{"_placeholder":1,"num":0}]`, one)
	end("a placeholder whose last number is out of range", `451-7["echo",{"_placeholder":true,"num":0,"num":1}]`, one)
	end("an attachment that nothing refers to", `451-7["echo"]`, one)
	end("two attachments, one reference", `452-7["echo",{"_placeholder":true,"num":0}]`, one, one)
	end("one attachment, two references", `451-7["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]`, one)
	end("two attachments, the second twice", `452-7["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":1}]`, one, one)
	end("a placeholder for a name", `451-7[{"_placeholder":true,"num":0}]`, one)
	end("a placeholder for the whole payload", `451-7{"_placeholder":true,"num":0}`, one)
	end("a placeholder deep inside, out of range", `451-7["echo",{"a":[{"b":{"_placeholder":true,"num":3}}]}]`, one)
	end("a binary ack that is no array", `461-7{"a":{"_placeholder":true,"num":0}}`, one)
	end("a binary ack with a bad placeholder", `461-7[{"_placeholder":true,"num":5}]`, one)
	end("a binary event with a reserved name", `451-["disconnect",{"_placeholder":true,"num":0}]`, one)
	end("text while an attachment is awaited", `451-7["echo",{"_placeholder":true,"num":0}]`) // the echo follows
	end("an attachment too many", `451-["nobody",{"_placeholder":true,"num":0}]`, one, one)
	end("attachments of 1.2 MB in all", `456-7["echo",`+placeholders(6)+`]`,
		bytes.Repeat([]byte{1}, 200_000), bytes.Repeat([]byte{2}, 200_000), bytes.Repeat([]byte{3}, 200_000),
		bytes.Repeat([]byte{4}, 200_000), bytes.Repeat([]byte{5}, 200_000), bytes.Repeat([]byte{6}, 200_000))

	all = append(all, survives("a binary ack nobody waits for", `461-77[{"_placeholder":true,"num":0}]`, one)...)
	all = append(all, settles("a placeholder with more in it", `451-7["echo",{"_placeholder":true,"num":0,"a":1}]`, one)...)
	all = append(all, settles("a placeholder in escapes", `451-7["echo",{"\u005fplaceholder":true,"num":0}]`, one)...)
	all = append(all, settles("the placeholder 0.0", `451-7["echo",{"_placeholder":true,"num":0.0}]`, one)...)
	all = append(all, settles("a header of zeros to the limit", "45"+strings.Repeat("0", n.of(900_000))+`1-7["echo",{"_placeholder":true,"num":0}]`, one)...)
	all = append(all, settles("a header with a leading zero", `4501-7["echo",{"_placeholder":true,"num":0}]`, one)...)
	all = append(all, settles("a placeholder in an event without attachments", `427["echo",{"_placeholder":true,"num":0}]`)...)
	return append(all, onBoth("ten attachments are whole", func(t *testing.T, _ *site, p *raw.Peer) {
		var attachments [][]byte
		for i := range 10 {
			attachments = append(attachments, bytes.Repeat([]byte{byte(i)}, i)) // the first is empty
		}
		if err := p.Say(`4510-7["echo",`+placeholders(10)+`]`, attachments...); err != nil {
			t.Fatal(err)
		}
		got, err := p.Next()
		if err != nil {
			t.Fatal(err)
		}
		if want := `610-7[` + placeholders(10) + `]`; got.Text != want || len(got.Attachments) != 10 {
			t.Fatalf("answered by %q and %d attachments", got.Text, len(got.Attachments))
		}
		for i, a := range got.Attachments {
			if !bytes.Equal(a, attachments[i]) {
				t.Errorf("attachment %d is % x", i, a)
			}
		}
	})...)
}

// placeholders lists n placeholders, as JSON.stringify writes them.
func placeholders(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"_placeholder":true,"num":%d}`, i)
	}
	return strings.Join(all, ",")
}
