package client

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// maxURL is the longest address that is taken; servers take no longer one. The limit is that of the reference.
const maxURL = 8000

// checkAddress returns the address of a server as the layer below takes it.
func checkAddress(raw string) (string, error) {
	if len(raw) > maxURL {
		return "", errors.New("socketio: URI too long")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("socketio: address: %w", err)
	}
	switch {
	case raw == "":
		return "", errors.New("socketio: the address is empty; it has to be one as in https://example.com")
	case u.Host == "":
		return "", fmt.Errorf("socketio: address %q has no host: it has to be one as in https://example.com", u.Redacted())
	case u.Scheme == "":
		return "https:" + raw, nil
	case !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme):
		return "", fmt.Errorf("socketio: address %q: the scheme is none of http, https, ws, wss", u.Redacted())
	}
	return raw, nil
}

// check finds what can't be meant. What is wrong with the options of the layer below is found there.
func (o *Options) check(address string) error {
	if o == nil {
		return nil
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"ReconnectionDelay", o.ReconnectionDelay},
		{"ReconnectionDelayMax", o.ReconnectionDelayMax},
		{"AckTimeout", o.AckTimeout},
		{"BufferTTL", o.BufferTTL},
		{"Engine.RequestTimeout", o.Engine.RequestTimeout},
	} {
		if d.value < 0 {
			return fmt.Errorf("socketio: Options.%s is %v: it can't be negative; zero is the default", d.name, d.value)
		}
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"Retries", o.Retries},
		{"BufferPackets", o.BufferPackets},
		{"BufferBytes", o.BufferBytes},
		{"InboxBytes", o.InboxBytes},
	} {
		if n.value < 0 {
			return fmt.Errorf("socketio: Options.%s is %d: it can't be negative; zero is the default", n.name, n.value)
		}
	}
	if f := o.RandomizationFactor; f != f || f > 1 {
		return fmt.Errorf("socketio: Options.RandomizationFactor is %v: it has to be 1 at most", f)
	}
	if err := checkAuth(o.Auth); err != nil {
		return err
	}
	if strings.ContainsAny(o.Path, "?#") {
		return fmt.Errorf("socketio: Options.Path is %q: it can't hold a query, which goes into Options.Engine.Query", o.Path)
	}
	e := &o.Engine
	for _, f := range []struct {
		set  bool
		name string
		use  string
	}{
		{e.Path != "", "Path", "Options.Path"},
		{e.Logger != nil, "Logger", "Options.Logger"},
		{e.OnPing != nil, "OnPing", "Manager.OnPing"},
		{e.OnUpgrade != nil, "OnUpgrade", "Manager.OnUpgrade"},
		{e.OnUpgradeError != nil, "OnUpgradeError", "Manager.OnUpgradeError"},
	} {
		if f.set {
			return fmt.Errorf("socketio: Options.Engine.%s is not for a client of Socket.IO: use %s", f.name, f.use)
		}
	}
	return engineio.CheckDial(address, e)
}

// checkAuth refuses functions that nobody would call.
func checkAuth(auth any) error {
	if auth == nil {
		return nil
	}
	if _, ok := auth.(authFunc); !ok && reflect.TypeOf(auth).Kind() == reflect.Func {
		return fmt.Errorf("socketio: Options.Auth is a %T: it has to be an object, or a func(context.Context) (any, error)", auth)
	}
	return nil
}
