package socketio_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socketio-go/socketio"
)

// What comes together is handled as if it had come one by one: namespaces, connects, answers and attachments between the
// events, and all of it before a packet that can't be read.
func TestWhatComesTogetherKeepsItsOrder(t *testing.T) {
	server, web := serve(t, nil)
	var mu sync.Mutex
	got := make(map[string][]string) // by namespace
	var over sync.WaitGroup
	over.Add(2)
	for _, n := range []*socketio.Namespace{server.Namespace, server.Of("/other")} {
		note := func(what string) {
			mu.Lock()
			defer mu.Unlock()
			got[n.Name()] = append(got[n.Name()], what)
		}
		n.OnAny(func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			what := e.Name()
			for _, a := range e.Args() {
				what += fmt.Sprint(" ", a)
				if data, ok := a.(socketio.Value).Binary(); ok {
					what += fmt.Sprintf("=%s", data)
				}
			}
			note(what)
			return nil
		})
		n.OnDisconnect(func(_ *socketio.Socket, reason socketio.DisconnectReason) { note(string(reason)); over.Done() })
	}
	p := dialWebSocket(t, web)
	p.join("/")
	p.join("/other")
	server.Of("/third")
	ps := asMessages([]string{
		`2["a"]`, `2["b",1]`, `0/third,`, `2/other,["A","x"]`, `2["c",[1,2],{"d":3}]`, `37["nobody asked"]`, `2["e","` + strings.Repeat("long", 100) + `"]`,
		`51-["f",{"_placeholder":true,"num":0}]`,
	})
	file := asMessages([]string{"file"})
	file[0].Binary = true
	ps = append(append(ps, file...), asMessages([]string{`2/other,["B"]`, `2["g"]`, `nonsense`, `2["late"]`})...)
	p.write(ps...)
	p.closed()
	over.Wait()
	want := map[string][]string{
		"/":      {"a", "b 1", `c [1,2] {"d":3}`, `e "` + strings.Repeat("long", 100) + `"`, `f {"_placeholder":true,"num":0}=file`, "g", "parse error"},
		"/other": {`A "x"`, "B", "parse error"},
	}
	mu.Lock()
	defer mu.Unlock()
	for name, list := range want {
		if !slices.Equal(got[name], list) {
			t.Errorf("%s got %q\nwant %q", name, got[name], list)
		}
	}
}

// Arguments stay what they are when the events that came with theirs are gone, and answers find their questions.
func TestEventsThatCameTogetherAreApart(t *testing.T) {
	server, web := serve(t, nil)
	var kept []socketio.Args
	var events []*socketio.Event
	server.OnEvent("keep", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		kept, events = append(kept, e.Args()), append(events, e)
		return nil
	})
	server.OnEvent("answer", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
		for i, e := range slices.Backward(events) {
			if err := e.Ack(kept[i]...); err != nil {
				return err
			}
		}
		return e.Ack()
	})
	p := dialWebSocket(t, web)
	p.join("/")
	var texts, want []string
	for i := range 40 {
		texts = append(texts, fmt.Sprintf(`2%d["keep",%d]`, i, i))
		want = append([]string{fmt.Sprintf(`3%d[%d]`, i, i)}, want...)
	}
	p.send(append(texts, `2999["answer"]`)...)
	p.expect(append(want, `3999[]`)...)
}
