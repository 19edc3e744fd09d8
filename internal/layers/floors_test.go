package layers

import (
	"path"
	"strings"
)

// module is the import path every package of the project begins with.
const module = "github.com/socketio-go/socketio"

// floors says on which floor each package stands. A package imports only lower floors. A pattern ending in "/..." takes
// the folder and everything under it; one ending in "/*" takes its direct children. The first that matches decides.
var floors = []struct {
	pattern string // relative to the module; "." is the root
	floor   int
}{
	{"cmd/...", 7},
	{"examples/...", 7},
	{"bench/...", 7},
	{"test/...", 7},
	{"docs", 7},
	{"internal/layers", 7},
	{"browser/internal/...", 7}, // makes the bundle; nothing of it is in a program
	{"chatroom/...", 6},
	{"admin", 5},
	{"metrics", 5},
	{".", 4},
	{"client", 4},
	{"engineio", 3},
	{"engineio/transport/*", 2},
	{"adapter/*", 2},
	{"engineio/transport", 1},
	{"adapter", 1},
	{"contract", 2},
	{"internal/event", 1},
	{"parser/msgpack", 1},
	{"engineio/lane", 1},
	{"engineio/packet", 0},
	{"parser", 0},
	{"internal/descriptor", 0},
	{"internal/rooms", 0},
	{"internal/rate", 0},
	{"internal/deflate", 0},
	{"browser", 0},
}

// besides lists the imports allowed inside one floor.
var besides = []struct{ from, to string }{
	{"chatroom", "chatroom/..."},
	{"chatroom/web", "chatroom/..."},
	{"chatroom/wire", "chatroom/chat"},
	{"chatroom/store/...", "chatroom/chat"},
	{"chatroom/store/...", "chatroom/store/..."},
	{"chatroom/ui/internal/...", "chatroom/ui/internal/..."},
	{"test/...", "test/..."},
	{"test/siogen", "cmd/siogen/..."}, // tests what it wrote
	{"cmd/siogen/...", "cmd/siogen/..."},
	{"bench/...", "bench/..."},
	{"browser/internal/...", "browser/internal/..."},
}

// testAids are packages that serve tests only: any test file may import them, whatever its floor.
var testAids = []string{"test/...", "adapter/adaptertest", "chatroom/store/storetest"}

// pure packages turn bytes into packets, or names into members: they do no input or output, read no clock and start no
// goroutine.
var pure = []string{"engineio/packet", "parser", "internal/rooms", "internal/deflate"}

// impure are the imports no pure package may have.
var impure = []string{"net/...", "os/...", "time", "io/fs", "syscall", "context", "log/..."}

// firstParty packages import the standard library and this module, and nothing else.
var firstParty = []string{
	".", "engineio", "engineio/lane", "engineio/packet", "engineio/transport", "engineio/transport/polling",
	"parser", "adapter", "contract", "client", "internal/...",
}

// confined names third parties that one folder has for itself, and another for its tests: peers that do wrong.
var confined = []struct{ module, to, tests string }{
	{module: "github.com/gobwas/...", to: "engineio/transport/websocket"},
	{module: "github.com/quic-go/...", to: "engineio/transport/webtransport", tests: "test/webtransport"},
	{module: "github.com/vmihailenco/msgpack/...", to: "parser/msgpack"},
}

// byValue are packages that the library takes as a value of the user's, so that nobody compiles what they bring along who
// does not import them himself: programs may, and tests.
var byValue = []string{"engineio/transport/webtransport"}

// programFloor is the lowest floor of programs.
const programFloor = 6

// testParties are third parties that test files may import everywhere.
var testParties = []string{"go.uber.org/goleak"}

// floorOf gives the floor of a package of this module.
func floorOf(pkg string) (floor int, known bool) {
	for _, f := range floors {
		if match(f.pattern, pkg) {
			return f.floor, true
		}
	}
	return 0, false
}

// match reports whether pkg fits pattern, as floors describes it.
func match(pattern, pkg string) bool {
	if folder, all := strings.CutSuffix(pattern, "/..."); all {
		return pkg == folder || strings.HasPrefix(pkg, folder+"/")
	}
	fits, _ := path.Match(pattern, pkg)
	return fits
}

// matchAny reports whether pkg fits one of the patterns.
func matchAny(patterns []string, pkg string) bool {
	for _, p := range patterns {
		if match(p, pkg) {
			return true
		}
	}
	return false
}
