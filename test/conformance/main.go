// Conformance is the program that stands in for the reference implementation: the official protocol suites, the load
// generators and the attack sets run against it.
//
//	PORT=3000 go run ./test/conformance ROLE
//
// A role listens on 127.0.0.1:$PORT, prints one line when it is ready, logs to standard error and never exits. Every
// limit has its default but for those that count per address, which are off.
//
// EIO3=1 lets clients of Engine.IO 3 into the roles eio and sio, PARSER=msgpack gives sio and compat that dialect, and
// PING_TIMEOUT is how many milliseconds clients of compat have to answer a ping.
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// roles are what the program can be, by name.
var roles = map[string]func() error{
	"attack":    serveTarget,
	"bench":     serveLoad,
	"client":    runClient,
	"compat":    serveAll,
	"eio":       serveEngine,
	"eioclient": serveEngineClient,
	"sio":       serveSockets,
	"sioclient": serveSocketClient,
	"wsclient":  runFrames,
	"wsecho":    serveFrames,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	names := strings.Join(slices.Sorted(maps.Keys(roles)), " | ")
	if len(args) != 1 {
		return fmt.Errorf("usage: PORT=port conformance %s", names)
	}
	role, known := roles[args[0]]
	if !known {
		return fmt.Errorf("no role %q; there are %s", args[0], names)
	}
	return role()
}
