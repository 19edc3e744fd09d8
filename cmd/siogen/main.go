// Siogen writes TypeScript types and an AsyncAPI 3.0 document out of the events that a Go program names with package
// contract. It reads the source; the program need not run.
//
//	siogen [-ts FILE] [-asyncapi FILE] [-title TEXT] [-version TEXT] [-server URL] [-check] [PACKAGE]…
//
// A PACKAGE is what the go command takes, by default the one of the current folder. "-" writes to the standard output.
// With -check nothing is written: it fails when a file is not what the source gives, for machines that review. In a Go
// file, so that go generate does it:
//
//	//go:generate go run github.com/socketio-go/socketio/cmd/siogen -ts ../web/events.ts -asyncapi events.json
//
// # Directives
//
// A comment above a contract says what the types don't, and so does one above a group, for all of it:
//
//	//siogen:from client            who sends it: client, server or both. Each contract needs one
//	//siogen:namespace /admin       the namespace; "/" without
//	//siogen:args room text         names of the arguments; otherwise they are called after their types
//	//siogen:failure Refusal        the Go type that a handler which failed answers with; "none" for handlers that don't. It is
//	                                the library's {"error":{"message":…}} without, as it is without Options.EncodeError
//
// A comment above a type or a field:
//
//	//siogen:as []float64           it looks on the wire as that type of Go does: for types with JSON methods of their own
//
// # Types
//
// Values look as the library writes them. A struct is an interface, with its json tags; omitempty and omitzero make a
// member optional; embedded structs count as in JSON. A pointer may be null, and as the last argument to a handler in Go be
// left out. A []byte is an attachment, time.Time a string, a string or boolean type with constants the union of them, a
// generic type a generic type. What has MarshalText is a string, what has MarshalJSON, or is an interface, unknown. Int64
// is a number, which JavaScript rounds beyond 2⁵³: the tag `json:",string"` makes it a string. What can't be sent, such as a
// channel, is an error that names file and line.
//
// The exit codes are 0 done, 1 something is wrong or not current, 2 wrong usage.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/socketio-go/socketio/cmd/siogen/internal/asyncapi"
	"github.com/socketio-go/socketio/cmd/siogen/internal/source"
	"github.com/socketio-go/socketio/cmd/siogen/internal/typescript"
)

func main() { os.Exit(run(".", os.Args[1:], os.Stdout, os.Stderr)) }

// options are the command line.
type options struct {
	ts, asyncapi string
	info         asyncapi.Info
	check        bool
	packages     []string
}

// run is the program, in a folder: it returns the exit code.
func run(dir string, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := generate(dir, o, stdout); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("siogen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: siogen [flags] [package]…\n\nWrites TypeScript types and an AsyncAPI document out of contracts.")
		flags.PrintDefaults()
	}
	flags.StringVar(&o.ts, "ts", "", "write the TypeScript types to `file`")
	flags.StringVar(&o.asyncapi, "asyncapi", "", "write the AsyncAPI document to `file`, as JSON")
	flags.StringVar(&o.info.Title, "title", "Events", "title of the AsyncAPI document")
	flags.StringVar(&o.info.Version, "version", "1.0.0", "version of the contract, for the AsyncAPI document")
	flags.StringVar(&o.info.Server, "server", "", "`URL` of a server, for the AsyncAPI document")
	flags.BoolVar(&o.check, "check", false, "write nothing; fail when a file is not current")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.ts == "" && o.asyncapi == "" {
		fmt.Fprintln(stderr, "siogen: -ts or -asyncapi says where to write")
		return o, errors.New("nothing to write")
	}
	o.packages = flags.Args()
	if len(o.packages) == 0 {
		o.packages = []string{"."}
	}
	return o, nil
}

// generate reads the packages, and then writes or compares.
func generate(dir string, o options, stdout io.Writer) error {
	d, err := source.Read(dir, o.packages)
	if err != nil {
		return err
	}
	files := []struct {
		name string
		text func() ([]byte, error)
	}{
		{o.ts, func() ([]byte, error) { return typescript.Write(d) }},
		{o.asyncapi, func() ([]byte, error) { return asyncapi.Write(d, o.info) }},
	}
	var stale []error
	for _, f := range files {
		if f.name == "" {
			continue
		}
		text, err := f.text()
		if err != nil {
			return err
		}
		path := f.name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		switch {
		case o.check:
			if there, err := os.ReadFile(path); err != nil || !bytes.Equal(there, text) {
				stale = append(stale, fmt.Errorf("%s is not what the source gives: run siogen without -check, or go generate", f.name))
			}
		case f.name == "-":
			if _, err := stdout.Write(text); err != nil {
				return err
			}
		default:
			if err := os.WriteFile(path, text, 0o644); err != nil {
				return err
			}
		}
	}
	return errors.Join(stale...)
}
