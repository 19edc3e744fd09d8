//go:build !linux || !(amd64 || arm64)

package websocket

import "time"

// watcher does not exist here: each connection has a goroutine for life.
type watcher struct{}

func (watcher) tick(time.Duration) {}

func (*Lot) enter(*Transport) bool { return false }
func (*Lot) leave(*Transport)      {}
func (*Lot) arm(*Transport)        {}
