package autobahn

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/socketio-go/socketio/test/raw"
)

// Section 7: how connections are closed, and what comes after a close frame.
func TestClosing(t *testing.T) {
	code := func(n int, reason string) []byte {
		return frame(raw.Close, string(binary.BigEndian.AppendUint16(nil, uint16(n)))+reason)
	}
	bye, hello := code(1000, ""), frame(raw.Text, "Hello World!")
	ends := func(id string, codes []int, frames ...[]byte) conversation {
		return conversation{id: id, say: frames, closes: codes}
	}
	normal, failed := []int{1000}, []int{protocolError}
	big := repeat("*", 256<<10)
	all := []conversation{
		{id: "7.1.1", say: [][]byte{hello}, hear: []raw.Frame{heard(raw.Text, "Hello World!")}},
		ends("7.1.2", normal, bye, frame(raw.Close, "")),
		ends("7.1.3", normal, bye, frame(raw.Ping, "")),
		ends("7.1.4", normal, bye, hello),
		ends("7.1.5", normal, frame(beginText, "fragment1"), bye, frame(end, "fragment2")),
		{id: "7.1.6", say: [][]byte{frame(raw.Text, big), hello, bye, frame(raw.Ping, "")},
			hear: []raw.Frame{heard(raw.Text, big), heard(raw.Text, "Hello World!")}, closes: normal},
		ends("7.3.1", []int{1005}, frame(raw.Close, "")), // an empty close frame is answered with one
		ends("7.3.2", failed, frame(raw.Close, "a")),
		ends("7.3.3", normal, bye),
		ends("7.3.4", normal, code(1000, "Hello World!")),
		ends("7.3.5", normal, code(1000, repeat("*", 123))),
		ends("7.3.6", failed, code(1000, repeat("*", 124))),
		ends("7.5.1", []int{protocolError, notUTF8}, code(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited")),
		ends("7.13.1", []int{1000, protocolError, 5000}, code(5000, "")),
		ends("7.13.2", []int{1000, protocolError, 65535}, code(65535, "")),
	}
	for i, n := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		all = append(all, ends(fmt.Sprintf("7.7.%d", i+1), []int{1000, n}, code(n, "")))
	}
	for i, n := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		all = append(all, ends(fmt.Sprintf("7.9.%d", i+1), failed, code(n, "")))
	}
	play(t, all)
}
