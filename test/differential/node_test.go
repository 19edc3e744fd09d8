package differential

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/test/nodejs"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	if code == 0 && full() {
		if err := writeReport(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// frame is one message of Engine.IO: a text or binary.
type frame struct {
	data   []byte
	binary bool
}

func textFrame(s string) frame   { return frame{data: []byte(s)} }
func binaryFrame(b []byte) frame { return frame{data: b, binary: true} }

// MarshalJSON writes the frame as parser.js wants it.
func (f frame) MarshalJSON() ([]byte, error) {
	if f.binary {
		return json.Marshal([]string{base64.StdEncoding.EncodeToString(f.data)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(string(f.data))
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// UnmarshalJSON reads it back.
func (f *frame) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		var s string
		err := json.Unmarshal(b, &s)
		*f = textFrame(s)
		return err
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	data, err := base64.StdEncoding.DecodeString(list[0])
	*f = binaryFrame(data)
	return err
}

// ask has node answer n questions, written by question one after the other, and gives each answer to take, in order.
func ask(t *testing.T, n int, question func(i int) []any, take func(i int, answer string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := nodejs.Command(ctx, t, "testdata/parser.js")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() { wrote <- write(in, n, question) }()
	lines := bufio.NewReaderSize(out, 1<<20)
	for i := range n {
		line, err := lines.ReadString('\n')
		if err != nil {
			cancel()
			<-wrote
			cmd.Wait()
			t.Fatalf("answer %d of %d: %v\n%s", i, n, err, &errs)
		}
		take(i, strings.TrimSuffix(line, "\n"))
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
	end(t, cmd, &errs)
}

func write(in io.WriteCloser, n int, question func(i int) []any) error {
	defer in.Close()
	w := bufio.NewWriterSize(in, 1<<20)
	for i := range n {
		line, err := json.Marshal(question(i))
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return w.Flush()
}

func end(t *testing.T, cmd *exec.Cmd, errs *bytes.Buffer) {
	t.Helper()
	if err := cmd.Wait(); err != nil {
		t.Errorf("node: %v\n%s", err, errs)
	}
}
