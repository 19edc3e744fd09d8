package main

import (
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// The script knows who must hear what, and who must not.
func TestEachLineReachesWhomItNames(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}).AwaitPort(port)
	nodejs.Run(t, nil, "testdata/sheet.js", "http://127.0.0.1:"+port)
}
