package adapter_test

import (
	"testing"

	"github.com/socketio-go/socketio/adapter"
)

type node struct{ t *testing.T }

func (node) Namespace() string { return "/" }
func (n node) Deliver(adapter.Message) error {
	n.t.Error("a server that is alone hears of another")
	return nil
}

func (n node) Obey(adapter.Request) error {
	n.t.Error("a server that is alone is told something")
	return nil
}

func (n node) Answer(adapter.Request, func(adapter.Answer), func()) error {
	n.t.Error("a server that is alone is asked something")
	return nil
}

func TestMemoryReachesNobody(t *testing.T) {
	a := adapter.Memory(node{t})
	if err := a.Publish(adapter.Message{Event: []byte(`["e"]`)}); err != nil {
		t.Error(err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
