// Command chatroom is a chat: one program, one file of data, a page at http://localhost:3000.
//
//	chatroom [serve] [--listen :3000] [--data DIR] [--log-level info] [--cors ORIGIN]… [--trusted-proxy CIDR]…
//
// Each flag can also be given as an environment variable: CHATROOM_LISTEN, CHATROOM_DATA and so on. A flag wins over the
// variable, the variable over the default.
//
// SIGINT and SIGTERM stop it: no new connections, what was said is on the disk, exit code 0. A second signal stops it at
// once. The exit codes are 0 done, 1 unexpected error, 2 wrong usage, 7 no permission, 69 address in use, 78 wrong
// configuration or data that can't be opened, 130 stopped by a second signal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program: it parses, serves and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		<-signals
		stop()
		<-signals
		os.Exit(exitInterrupted)
	}()

	c, done, err := parse(args, stdout)
	if err == nil && !done {
		err = serve(ctx, c, stdout, stderr)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "chatroom:", err)
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	return exitFailed
}
