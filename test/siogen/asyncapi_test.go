package siogen_test

import (
	"context"
	"encoding/json"
	"math/big"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/cmd/siogen/testdata/shop"
	"github.com/socketio-go/socketio/cmd/siogen/testdata/shop/stock"
	"github.com/socketio-go/socketio/test/nodejs"
)

// packages is the environment in which scripts find the packages of this folder besides the pinned client.
func packages(t *testing.T) []string {
	t.Helper()
	own := filepath.Join(nodejs.Root(t), "test", "siogen", "node_modules")
	if _, err := os.Stat(own); err != nil {
		nodejs.Missing(t, "the npm packages of test/siogen")
	}
	return []string{"NODE_PATH=" + own + string(filepath.ListSeparator) + filepath.Join(nodejs.Root(t), "test", "interop", "node_modules")}
}

// Every document of the project is one of AsyncAPI 3.0, and all that it refers to is there.
func TestTheDocumentsAreAsyncAPI(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"cmd/siogen/testdata/golden/shop.json", "chatroom/wire/asyncapi.json"} {
		if said := nodejs.Run(t, packages(t), filepath.Join("testdata", "asyncapi.js"), filepath.Join(nodejs.Root(t), file)); !strings.Contains(said, "operations") {
			t.Errorf("%s: %s", file, said)
		}
	}
}

// What a server sends by these contracts is what the document says, and so are its answers: the official client gets it,
// and a validator of JSON Schema looks at it.
func TestTheWireIsWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	io := socketio.NewServer(&socketio.Options{EncodeError: func(_ *socketio.Socket, event string, err error) any {
		if event == shop.Buy.Name() {
			return shop.Refusal{Code: err.Error()}
		}
		return map[string]any{"error": map[string]any{"message": err.Error()}}
	}})
	shop.Buy.Handle(io, func(_ context.Context, _ *socketio.Socket, want socketio.Args2[stock.ID, int]) (shop.Receipt, error) {
		if want.B < 0 {
			return shop.Receipt{}, socketio.Errorf("less than nothing")
		}
		return shop.Receipt{OK: true, Exact: big.NewInt(12), Big: 1 << 60}, nil
	})
	shop.Count.Handle(io, func(context.Context, *socketio.Socket, struct{}) (int, error) { return 3, nil })
	shop.Names.Handle(io, func(context.Context, *socketio.Socket, struct{}) (socketio.Args2[string, *string], error) {
		return socketio.Args2[string, *string]{A: "shop"}, nil
	})
	shop.Leave.Handle(io, func(_ context.Context, _ *socketio.Socket, why string) (struct{}, error) {
		if why == "" {
			return struct{}{}, socketio.Errorf("no reason")
		}
		return struct{}{}, nil
	})
	shop.Raw.Handle(io, func(_ context.Context, _ *socketio.Socket, args socketio.Args) (json.RawMessage, error) {
		return json.Marshal(len(args))
	})
	io.OnConnection(func(s *socketio.Socket) {
		if err := greet(s); err != nil {
			t.Error(err)
			s.Disconnect(true)
		}
	})
	server := httptest.NewServer(io)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := io.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	golden := filepath.Join(nodejs.Root(t), "cmd", "siogen", "testdata", "golden", "shop.json")
	said := nodejs.Run(t, packages(t), filepath.Join("testdata", "wire.js"), server.URL, golden)
	if !strings.HasSuffix(said, "done\n") {
		t.Errorf("the client said %s", said)
	}
	for _, key := range []string{"welcome", "item_new", "moved", "any_thing", "photo", "catalog", "zoo", "agree_", "typing", "closing"} {
		if !strings.Contains(said, "ok server."+key+"\n") {
			t.Errorf("%s was not heard", key)
		}
	}
}

// greet sends one of everything.
func greet(s *socketio.Socket) error {
	origin := shop.Place{1, 2}
	item := shop.Item{
		Stamp: stock.Stamp{At: time.Unix(1e9, 5).UTC()}, ID: 1, Name: "lamp", State: shop.Here, Parts: []shop.Item{{State: shop.Sold}},
		Origin: &origin, Spare: &shop.Item{State: shop.Gone}, Image: []byte{1, 2, 3}, Label: json.RawMessage(`{"en":"a lamp"}`), Stocked: map[shop.State]int{shop.Here: 2},
	}
	none := shop.Item{State: shop.Sold}
	zoo := shop.Zoo{
		Address: netip.MustParseAddr("192.0.2.1"), Wait: time.Second, Any: []any{nil, 1.5}, ByID: map[stock.ID]*shop.Item{1: &item, 2: nil},
		Tree: shop.Tree{"a": {{"b": nil}}}, Bytes: [][]byte{{1}, nil}, Nothing: &struct{}{},
	}
	emits := []func() error{
		func() error { return shop.Welcome.Emit(s, shop.Greeting{Version: 1, Text: "hello"}) },
		func() error { return shop.Welcome.Emit(s, shop.Greeting{}) },
		func() error { return shop.Arrived.Emit(s, &item) },
		func() error { return shop.Arrived.Emit(s, &none) },
		func() error { return shop.Arrived.Emit(s, nil) },
		func() error {
			return shop.Moved.Emit(s, socketio.Args3[stock.ID, shop.Place, time.Time]{A: 1, B: origin, C: time.Now()})
		},
		func() error { return shop.Anything.Emit(s, socketio.Args{1, "two"}) },
		func() error { return shop.Photo.Emit(s, []byte("photo")) },
		func() error {
			return shop.Catalog.Emit(s, shop.Page[shop.Item]{Items: []shop.Item{item}, Next: &shop.Page[shop.Item]{}})
		},
		func() error { return shop.Values.Emit(s, zoo) },
		func() error { return shop.Values.Emit(s, shop.Zoo{}) },
		func() error { return shop.Typing.Emit(s, true) },
	}
	for _, emit := range emits {
		if err := emit(); err != nil {
			return err
		}
	}
	go func() { // a handler of the connection runs before the answer is read
		if agreed, err := shop.Agree.Call(s.Context(), s, "agreed?"); err == nil && agreed {
			shop.Closing.Emit(s, struct{}{})
		}
	}()
	return nil
}
