package main

import (
	"io"
	"net/http"
	"testing"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

func TestEveryFormServes(t *testing.T) {
	for form := range forms {
		t.Run(form, func(t *testing.T) {
			port := process.FreePort(t)
			process.Self(t, []string{"PORT=" + port}, form).AwaitPort(port)
			url := "http://127.0.0.1:" + port

			const want = "hello polling\nhello websocket\nhello polling websocket\n"
			if got := nodejs.Run(t, nil, "testdata/greet.js", url); got != want {
				t.Errorf("the client printed %q; want %q", got, want)
			}

			status, body := get(t, url+"/")
			switch form {
			case "implicit", "package":
				if status != http.StatusNotFound {
					t.Errorf("GET / is answered %d; want 404", status)
				}
			default:
				if status != http.StatusOK || body != "the application\n" {
					t.Errorf("GET / is answered %d %q; want the application", status, body)
				}
			}
		})
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
